import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { PixelRequest } from '../../contract/host-messages';
import { BadInput } from '../../core/foundation/bad-input';
import { stemOf } from '../../core/formats/names';
import type { EngineState } from '../engine-state';
import { imageDetail } from '../gallery/image-detail';
import { relinkImages } from '../import/relink';

/** `pixels`: of an image; throws `BadInput` where they cannot be made. */
export function imageHandlers(
  state: EngineState,
  pixels: (request: PixelRequest) => Promise<unknown>,
): Pick<Handlers<EngineCalls>, 'image.detail' | 'image.problem' | 'image.find' | 'images.relink'> {
  const { jobs, project } = state;
  return {
    'image.detail': ({ image, run, protocol, point }) =>
      imageDetail(project.current().session, image, run, point, protocol),
    'image.problem': ({ image }) =>
      pixels({ kind: 'full', image, size: null }).then(
        () => null,
        (error: unknown) => {
          if (!(error instanceof BadInput)) throw error;
          return { message: error.message, next: error.next };
        },
      ),
    'image.find': ({ text, limit }) => {
      const wanted = text.trim().toLowerCase();
      const found = project.current().session.data.images.flatMap(({ key, fileName }) => {
        const at = fileName.toLowerCase().indexOf(wanted);
        // A name that starts so, or is exactly so, before one that holds it.
        return at < 0
          ? []
          : [{ image: key, name: fileName, rank: stemOf(fileName).toLowerCase() === wanted ? -1 : at }];
      });
      return found
        .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
        .slice(0, limit)
        .map(({ image, name }) => ({ image, name }));
    },
    'images.relink': ({ job, directory }) =>
      jobs.run(job, async (progress) => {
        const answer = await relinkImages(project.current().session, directory, progress);
        project.revision++;
        state.projectChanged();
        return answer;
      }),
  };
}
