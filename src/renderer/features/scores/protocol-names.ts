/** Protocols as columns: their names, what each is, and those that TensorFlow 2 reports otherwise. */
import type { LiveProtocol, Protocol } from '../../../core/metrics/evaluation';
import { OBJECT_DETECTION_API_PROTOCOLS, PROTOCOLS } from '../../../core/metrics/evaluation';

export const PROTOCOL_NAMES: Readonly<Record<Protocol, string>> = {
  coco: 'COCO bbox',
  voc2007: 'VOC 2007',
  voc2012: 'VOC 2012',
  'tf-coco': 'TF COCO',
  'tf-pascal': 'TF Pascal',
  'tf-weighted-pascal': 'TF weighted',
  'tf-precision-at-recall': 'TF at recall',
  'open-images-v2': 'Open Images V2',
  'open-images-challenge': 'OI Challenge',
  lvis: 'LVIS v1',
  tide: 'TIDE',
};

export const PROTOCOL_DETAILS: Readonly<Record<Protocol, string>> = {
  coco: 'As pycocotools: mean over ten IoU thresholds from 0.50 to 0.95, 101 recall points, at most 100 detections an image and class.',
  voc2007:
    'Pascal VOC 2007: 11 recall points, IoU above 0.5, pixels counted inclusively, difficult objects left out.',
  voc2012:
    'Pascal VOC 2010 and later: area under the curve, IoU above 0.5, pixels counted inclusively, difficult objects left out.',
  'tf-coco': 'TensorFlow Object Detection API, coco_detection_metrics.',
  'tf-pascal': 'TensorFlow Object Detection API, pascal_voc_detection_metrics.',
  'tf-weighted-pascal':
    'TensorFlow Object Detection API, weighted_pascal_voc_detection_metrics: all classes pooled into one list, so it is no mean of the classes.',
  'tf-precision-at-recall': 'TensorFlow Object Detection API, precision_at_recall_detection_metrics.',
  'open-images-v2':
    'Open Images V2: group-of boxes swallow detections; the classes’ hierarchy is not expanded here.',
  'open-images-challenge':
    'Open Images Challenge: as V2, but predictions of classes that an image was not labelled for are left out.',
  lvis: 'LVIS v1: at most 300 detections an image over all classes, federated labels where the file has them.',
  tide: 'TIDE as its package computes it: AP at IoU 0.50, at most 100 detections an image over all classes.',
};

/** A protocol, with `+tf2` for its numbers as TensorFlow 2 reports them. */
export type ColumnKey = Protocol | `${Protocol}+tf2`;

export const ALL_COLUMNS: readonly ColumnKey[] = [
  ...PROTOCOLS,
  ...OBJECT_DETECTION_API_PROTOCOLS.map((protocol): ColumnKey => `${protocol}+tf2`),
];
export const DEFAULT_COLUMNS: readonly ColumnKey[] = [
  'coco',
  'voc2012',
  'voc2007',
  'tf-pascal',
  'tf-weighted-pascal',
  'tf-pascal+tf2',
];

export function columnOf(key: ColumnKey): {
  readonly protocol: Protocol;
  readonly asTensorflow2ReportsIt: boolean;
  readonly name: string;
} {
  const protocol = key.replace('+tf2', '') as Protocol;
  const asTensorflow2ReportsIt = key.endsWith('+tf2');
  const name = PROTOCOL_NAMES[protocol];
  return {
    protocol,
    asTensorflow2ReportsIt,
    name: asTensorflow2ReportsIt ? `${name}, as TF2 reports it` : name,
  };
}

/** The name of the scored protocol with what its headline is. */
export const HEADLINE_NAMES: Readonly<Record<LiveProtocol, string>> = {
  coco: 'AP',
  voc2007: 'mAP',
  voc2012: 'mAP',
};
