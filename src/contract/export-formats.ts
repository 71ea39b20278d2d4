/** Formats in which labels go out, in the order in which they are offered. */

export const EXPORT_FORMATS = [
  'coco',
  'voc',
  'yolo',
  'darknet',
  'tfrecord',
  'csv',
  'retinanet-csv',
  'open-images-csv',
  'labelme',
  'cvat',
  'label-studio',
  'kitti',
  'create-ml',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportTarget {
  readonly name: string;
  readonly detail: string;
  /** Of the one file, with the dot; empty for a folder. */
  readonly extension: string;
}

export const EXPORT_TARGETS: Readonly<Record<ExportFormat, ExportTarget>> = {
  coco: { name: 'COCO JSON', detail: 'one file; unknown fields are kept', extension: '.json' },
  voc: {
    name: 'Pascal VOC',
    detail: 'a folder with one XML file an image; unknown elements are kept',
    extension: '',
  },
  yolo: {
    name: 'YOLO (Ultralytics)',
    detail: 'a folder with data.yaml and one text file an image',
    extension: '',
  },
  darknet: { name: 'YOLO (Darknet)', detail: 'a folder with obj.data, obj.names and lists', extension: '' },
  tfrecord: {
    name: 'TFRecord',
    detail: 'one file, as the Object Detection API reads it',
    extension: '.record',
  },
  csv: { name: 'CSV', detail: 'the TensorFlow tutorial’s columns, one row a box', extension: '.csv' },
  'retinanet-csv': { name: 'CSV (keras-retinanet)', detail: 'a folder with rows and classes', extension: '' },
  'open-images-csv': {
    name: 'CSV (Open Images)',
    detail: 'a folder with boxes and descriptions of classes',
    extension: '',
  },
  labelme: { name: 'LabelMe', detail: 'a folder with one JSON file an image', extension: '' },
  cvat: { name: 'CVAT XML 1.1', detail: 'a folder with annotations.xml', extension: '' },
  'label-studio': { name: 'Label Studio', detail: 'one JSON file of tasks', extension: '.json' },
  kitti: { name: 'KITTI', detail: 'a folder with one text file an image', extension: '' },
  'create-ml': { name: 'Create ML', detail: 'one JSON file', extension: '.json' },
};
