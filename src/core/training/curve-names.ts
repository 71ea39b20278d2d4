/** What the curves of common trainers are called, so that they can be read without being told. */

export type CurveRole = 'loss' | 'learning-rate' | 'score' | 'steps-per-second';
export type Side = 'training' | 'evaluation';

export interface NamedCurve {
  readonly role: CurveRole;
  readonly side: Side | null;
  /** Of several with the same role the lowest is read; parts of a loss come after totals. */
  readonly rank: number;
  /** A part of the total, to be summed where there is no total. */
  readonly isPart: boolean;
}

/** TensorFlow Object Detection API, Keras, Ultralytics, MMDetection, Detectron2, Lightning. */
const SCORES: readonly RegExp[] = [
  /^DetectionBoxes_Precision\/mAP$/,
  /^(metrics\/)?mAP50-95(\(B\))?$/i,
  /^(val\/|coco\/)?bbox_mAP$/,
  /^(bbox|coco)\/AP$/,
  /^(val[_/])?(mAP|AP|map)$/,
  /^OpenImagesV2_Precision\/mAP@[\d.]+IOU$/,
  /^OpenImagesDetectionChallenge_Precision\/mAP@[\d.]+IOU$/,
  /^(Weighted)?PascalBoxes_Precision\/mAP@[\d.]+IOU$/,
  /^(metrics\/)?mAP_?0?\.?50(\(B\))?$/i,
  /^DetectionBoxes_Precision\/mAP@\.50IOU$/,
  /^(val[_/])?(AP50|mAP@?0?\.5)$/i,
];

const TOTALS: readonly RegExp[] = [
  /^(Loss\/|Losses\/)?total_loss$/i,
  /^TotalLoss$/i,
  /^(epoch_)?loss$/i,
  /^loss_1$/,
  /^train$/,
];
const RATE = /^(epoch_|optimizer\/|train\/)?(learning[_ ]?rate(_1)?|lr)$|^lr\/pg\d+$|^lr-\w+$/i;
const SPEED = /^(global_step\/sec|steps_per_sec)$/;
const EVALUATION = /^(val|valid|validation|eval|evaluation|test)[/_ ]/i;
const TRAINING = /^(train|training)[/_ ]/i;

/** What a name stands for; null for anything else. `side`: where the place of the file tells it. */
export function curveOf(name: string, side: Side | null): NamedCurve | null {
  const score = SCORES.findIndex((pattern) => pattern.test(name));
  if (score >= 0) return { role: 'score', side: 'evaluation', rank: score, isPart: false };
  if (RATE.test(name)) return { role: 'learning-rate', side: 'training', rank: 0, isPart: false };
  if (SPEED.test(name)) return { role: 'steps-per-second', side: 'training', rank: 0, isPart: false };
  const own = EVALUATION.test(name) ? 'evaluation' : TRAINING.test(name) ? 'training' : side;
  const bare = name.replace(EVALUATION, '').replace(TRAINING, '');
  const total = TOTALS.findIndex((pattern) => pattern.test(bare));
  if (total >= 0) return { role: 'loss', side: own ?? 'training', rank: total, isPart: false };
  if (/(^|[/_ ])loss(es)?([/_ ]|$)|_loss$|^loss_/i.test(bare) && !/regulari[sz]ation|normalized/i.test(bare))
    return { role: 'loss', side: own ?? 'training', rank: TOTALS.length, isPart: true };
  return null;
}
