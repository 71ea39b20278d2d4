/** The application service: one open project at a time, answered by domain. It knows nothing of Electron. */
import path from 'node:path';
import type { Handlers } from '../contract/call';
import type { EngineCalls } from '../contract/engine-calls';
import type { PixelRequest, Pixels } from '../contract/host-messages';
import type { Component } from '../contract/view-types';
import { BadInput } from '../core/foundation/bad-input';
import { dataTools } from './data/data-tools';
import { PreparedScorers } from './analysis/prepared-scorers';
import { engineComponents } from './doctor/components';
import type { EngineContext, EngineState } from './engine-state';
import { analysisHandlers } from './handlers/analysis';
import { causesHandlers } from './handlers/causes';
import { componentHandlers } from './handlers/components';
import { dataHandlers } from './handlers/data';
import { editHandlers } from './handlers/edit';
import { exportHandlers } from './handlers/export';
import { fixesHandlers } from './handlers/fixes';
import { galleryHandlers } from './handlers/gallery';
import { imageHandlers } from './handlers/image';
import { importHandlers } from './handlers/import';
import { modelChangeHandlers } from './handlers/model-changes';
import { modelViewHandlers } from './handlers/model-view';
import { modelHandlers } from './handlers/models';
import { projectHandlers } from './handlers/project';
import { scoreHandlers } from './handlers/score';
import { trainingHandlers } from './handlers/training';
import type { ImageFile } from './images/image-file';
import { fileOnDisk, nameOfFile } from './images/image-file';
import { resolveBelow } from './images/locate';
import { PixelServer } from './images/pixels';
import { Jobs } from './jobs/jobs';
import { OpenProject } from './project/open-project';

export interface Engine {
  readonly handlers: Handlers<EngineCalls>;
  pixels(request: PixelRequest): Promise<Pixels>;
  /** Absolute path of an image's file, or of the one that holds it. Throws `BadInput` where it is missing. */
  imagePath(image: number): string;
  components(): readonly Component[];
  close(): void;
}

export function createEngine(context: EngineContext): Engine {
  const project = new OpenProject();
  const jobs = new Jobs((data) => context.emit('job.progressed', data));
  const state: EngineState = {
    context,
    jobs,
    project,
    data: dataTools(path.join(context.userData, 'image-looks.jsonl')),
    projectChanged: () => {
      const described = project.describe();
      context.emit('project.changed', described);
      return described;
    },
  };
  const pixelServer = new PixelServer(path.join(context.userData, 'thumbnails'));

  const imageFile = (key: number): ImageFile => {
    const { session } = project.current();
    const image = session.data.images[session.data.indexOfImage.get(key) ?? -1];
    const root = session.imageRoot;
    const file =
      !image || image.location === null || root === null ? null : resolveBelow(root, image.location);
    if (file === null)
      throw new BadInput(
        'image-missing',
        'The image’s file is not where it was.',
        'Find moved images (File menu).',
      );
    return file;
  };

  const pixels = async (request: PixelRequest): Promise<Pixels> => {
    const file = imageFile(request.image);
    const { data } = project.current().session;
    const { width, height, hash } = data.images[data.indexOfImage.get(request.image)!]!;
    return pixelServer.get({ file, width, height, fingerprint: hash ?? nameOfFile(file) }, request);
  };

  return {
    handlers: new PreparedScorers(project).before({
      ...projectHandlers(state),
      ...importHandlers(state),
      ...galleryHandlers(state),
      ...imageHandlers(state, pixels),
      ...editHandlers(state),
      ...scoreHandlers(state),
      ...analysisHandlers(state),
      ...exportHandlers(state),
      ...causesHandlers(state),
      ...fixesHandlers(state),
      ...dataHandlers(state),
      ...modelHandlers(state),
      ...componentHandlers(state),
      ...trainingHandlers(state),
      ...modelViewHandlers(state, imageFile),
      ...modelChangeHandlers(state, imageFile),
    }),
    pixels,
    imagePath: (image) => fileOnDisk(imageFile(image)),
    components: () => engineComponents(context.userData),
    close: () => {
      project.close();
    },
  };
}
