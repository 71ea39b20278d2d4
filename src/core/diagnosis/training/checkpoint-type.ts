/** C3: a detector's checkpoint restored as a classifier's, so that all but the backbone starts from nothing. */
import type { TrainingRule } from './training-rule';

/** Names of the detection checkpoints that the API offers. */
const DETECTOR = /ssd|rcnn|centernet|efficientdet|retinanet|coco|oid|kitti/i;

export const checkpointType: TrainingRule = {
  code: 'checkpoint-type',
  find: ({ run: { config } }) => {
    if (!config) return null;
    const { checkpoint, checkpointType: type, checkpointTypeLine: line } = config.train;
    if (!checkpoint || type !== 'classification' || !DETECTOR.test(checkpoint)) return null;
    const old = line === null ? '' : config.text.split('\n')[line - 1]!;
    return {
      title: 'The checkpoint is restored as a classifier’s',
      evidence: { checkpoint, checkpointType: type },
      action:
        'Set fine_tune_checkpoint_type to "detection": the detector’s own layers are then restored too.',
      change:
        line === null
          ? null
          : {
              remove: { from: line, to: line },
              after: line,
              add: [old.replace('classification', 'detection')],
            },
    };
  },
};
