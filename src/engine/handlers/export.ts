import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { EngineState } from '../engine-state';
import { exportFailures, exportOverlays } from '../export/failures';
import { exportLabels, planExport } from '../export/labels';
import { galleryQueries } from './gallery';

export function exportHandlers(
  state: EngineState,
): Pick<Handlers<EngineCalls>, 'export.plan' | 'export.run' | 'export.failures' | 'export.overlays'> {
  const { jobs, project } = state;
  return {
    'export.plan': ({ format }) => planExport(project.current().session.data.asTruth(), format),
    'export.run': ({ job, format, path, allowLoss, copyImages }) =>
      jobs.run(job, async (progress) => {
        const { session } = project.current();
        const source = {
          truth: session.data.asTruth(),
          imageRoot: session.imageRoot,
          locations: session.data.images.map(({ location }) => location),
          orientations: session.data.images.map(({ orientation }) => orientation),
          upright: session.upright,
        };
        const { images, annotations } = await exportLabels(
          source,
          format,
          path,
          { allowLoss, copyImages, sources: session.sourceFolders },
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
