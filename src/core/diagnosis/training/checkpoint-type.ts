/** C3: a detector's checkpoint restored as a classifier's, so that all but the backbone starts from nothing. */
import type { ConfigChange } from '../../training/config-change';
import type { PipelineConfig } from '../../training/pipeline-config';
import type { TrainingRule } from './training-rule';

/** Names of the detection checkpoints that the API offers. */
const DETECTOR = /ssd|rcnn|centernet|efficientdet|retinanet|coco|oid|kitti/i;

/** What the API takes for it where it is not set, but for configurations that say it the old way. */
const DEFAULT_TYPE = 'classification';
const OLD_WAY = /\bfrom_detection_checkpoint\s*:\s*true/;

export const checkpointType: TrainingRule = {
  code: 'checkpoint-type',
  find: ({ run: { config } }) => {
    if (!config) return null;
    const { checkpoint, checkpointType: given } = config.train;
    const type = given ?? (OLD_WAY.test(config.text) ? 'detection' : DEFAULT_TYPE);
    if (!checkpoint || type !== 'classification' || !DETECTOR.test(checkpoint)) return null;
    return {
      title: 'The checkpoint is restored as a classifier’s',
      evidence: { checkpoint, checkpointType: given },
      action:
        'Set fine_tune_checkpoint_type to "detection": the detector’s own layers are then restored too.',
      change: given === null ? addedType(config) : changedType(config),
    };
  },
};

function changedType({ text, train: { checkpointTypeLine: line } }: PipelineConfig): ConfigChange | null {
  if (line === null) return null;
  const old = text.split('\n')[line - 1]!;
  return {
    remove: { from: line, to: line },
    after: line,
    add: [old.replace('classification', 'detection')],
  };
}

/** After the checkpoint's own line; null where that holds other fields too. */
function addedType({ text }: PipelineConfig): ConfigChange | null {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /^\s*fine_tune_checkpoint\s*:\s*"[^"]*"\s*$/.test(line));
  if (at < 0) return null;
  const indent = /^\s*/.exec(lines[at]!)![0];
  return { remove: null, after: at + 1, add: [`${indent}fine_tune_checkpoint_type: "detection"`] };
}
