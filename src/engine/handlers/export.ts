import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { ExportFormat } from '../../contract/export-formats';
import type { ExportChoice } from '../../contract/view-types';
import { BadInput } from '../../core/foundation/bad-input';
import type { EngineState } from '../engine-state';
import { exportFailures, exportOverlays } from '../export/failures';
import { WHOLE, chooseForExport, sourceOfProject } from '../export/choose';
import { exportLabels, planExport } from '../export/labels';
import { galleryQueries } from './gallery';

export function exportHandlers(
  state: EngineState,
): Pick<Handlers<EngineCalls>, 'export.plan' | 'export.run' | 'export.failures' | 'export.overlays'> {
  const { jobs, project } = state;
  const chosen = (format: ExportFormat, choice: ExportChoice = WHOLE) => {
    const { session } = project.current();
    const isReviewed = (image: number): boolean => session.data.images[image]!.status === 'done';
    return chooseForExport(sourceOfProject(session), format, choice, isReviewed);
  };
  return {
    'export.plan': ({ format, choice }) => {
      try {
        return planExport(chosen(format, choice).truth, format);
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
        return { format, images: 0, annotations: 0, losses: [], needsConsent: false, problem: error.message };
      }
    },
    'export.run': ({ job, format, path, allowLoss, copyImages, choice }) =>
      jobs.run(job, async (progress) => {
        const { images, annotations } = await exportLabels(
          chosen(format, choice),
          format,
          path,
          { allowLoss, copyImages, sources: project.current().session.sourceFolders },
          progress,
        );
        return { path, images, annotations };
      }),
    'export.failures': async ({ query, path }) => ({
      path,
      rows: await exportFailures(project.current().session, galleryQueries(state).get(query), path),
    }),
    'export.overlays': ({ job, query, directory }) =>
      jobs.run(job, async (progress) => ({
        path: directory,
        images: await exportOverlays(
          project.current().session,
          galleryQueries(state).get(query),
          directory,
          progress,
        ),
      })),
  };
}
