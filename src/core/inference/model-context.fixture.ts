import type { ModelContext } from './model';

/** Nothing is known of a model but its file. */
export const NOTHING: ModelContext = {
  labelMap: null,
  classNames: null,
  pipelineConfig: null,
  transformers: null,
  paddle: null,
  mmdeploy: null,
};
