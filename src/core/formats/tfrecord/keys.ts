/** Names of features, as the Object Detection API has them (`core/standard_fields.py`, `TfExampleFields`). */
export const KEYS = {
  encoded: 'image/encoded',
  format: 'image/format',
  filename: 'image/filename',
  sourceId: 'image/source_id',
  height: 'image/height',
  width: 'image/width',
  sha256: 'image/key/sha256',
  classText: 'image/object/class/text',
  classLabel: 'image/object/class/label',
  xmin: 'image/object/bbox/xmin',
  ymin: 'image/object/bbox/ymin',
  xmax: 'image/object/bbox/xmax',
  ymax: 'image/object/bbox/ymax',
  difficult: 'image/object/difficult',
  groupOf: 'image/object/group_of',
  crowd: 'image/object/is_crowd',
  area: 'image/object/area',
  segmentArea: 'image/object/segment/area',
  detectionLabel: 'image/detection/label',
  detectionScore: 'image/detection/score',
  detectionXmin: 'image/detection/bbox/xmin',
  detectionYmin: 'image/detection/bbox/ymin',
  detectionXmax: 'image/detection/bbox/xmax',
  detectionYmax: 'image/detection/bbox/ymax',
  /** This program's own: boxes that shares of 32 bits cannot say, as little-endian doubles x, y, width, height. */
  exactBox: 'reticle/object/bbox',
  exactDetection: 'reticle/detection/bbox',
  exactScore: 'reticle/detection/score',
} as const;

/** Lists with one entry an object that are kept as they are. */
export const KEPT_LISTS = [
  'image/object/view',
  'image/object/truncated',
  'image/object/occluded',
  'image/object/depiction',
  'image/object/weight',
] as const;
