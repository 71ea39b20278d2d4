/** Names of what a model is and how it is read, for people. */
import type { Backend } from '../../../contract/backends';
import type { ModelEstimate } from '../../../contract/model-calls';
import type {
  BoxOrder,
  BoxUnit,
  DecoderName,
  ModelForm,
  ModelPlan,
  TensorSpec,
} from '../../../core/inference/model';

export const FORM_WORDS: Readonly<Record<ModelForm, string>> = {
  onnx: 'ONNX',
  'saved-model': 'TensorFlow SavedModel',
  'frozen-graph': 'frozen TensorFlow graph',
  'tfjs-graph': 'TensorFlow.js graph model',
  'tfjs-layers': 'TensorFlow.js layers model',
};

export const DECODER_WORDS: Readonly<Record<DecoderName, string>> = {
  'tf2-object-detection-api': 'Object Detection API, TensorFlow 2',
  'tf1-object-detection-api': 'Object Detection API, TensorFlow 1',
  'tfjs-object-detection-api': 'Object Detection API, lost names',
  'coco-ssd': 'coco-ssd, raw',
  yolov5: 'YOLOv5',
  yolov8: 'YOLOv8, v11, raw YOLO26',
  'yolo-end-to-end': 'YOLO, end to end',
  yolox: 'YOLOX',
  'grid-boxes': 'DAMO-YOLO, YOLO-NAS, PP-YOLOE, raw',
  ssd: 'SSD with raw boxes',
  detr: 'DETR',
  'rt-detr': 'RT-DETR',
  torchvision: 'torchvision',
  detectron2: 'Detectron2',
  mmdetection: 'mmdetection',
  'paddle-detection': 'PaddleDetection',
  efficientdet: 'EfficientDet',
  centernet: 'CenterNet',
  nanodet: 'NanoDet',
  mapping: 'Your own mapping',
};

export const ORDER_WORDS: Readonly<Record<BoxOrder, string>> = {
  xyxy: 'x1, y1, x2, y2',
  yxyx: 'y1, x1, y2, x2',
  cxcywh: 'centre x, centre y, width, height',
  xywh: 'x, y, width, height',
};

export const UNIT_WORDS: Readonly<Record<BoxUnit, string>> = {
  input: 'pixels of the input',
  share: '0 to 1 of the input',
  image: 'pixels of the image',
};

export const shapeWords = ({ shape }: TensorSpec): string =>
  shape === null ? 'any shape' : shape.map((size) => size ?? 'any').join(' × ');

/** How an image becomes the input, in one line. */
export function inputWords({ input }: ModelPlan): string {
  const { resize, size, channels, scale, mean, deviation, letterbox } = input;
  const sized =
    resize === 'none' || size === null
      ? 'as large as it is'
      : `${resize === 'letterbox' ? 'letterboxed' : 'stretched'} to ${size.width} × ${size.height}${letterbox?.multipleOf ? `, padded to multiples of ${letterbox.multipleOf}` : ''}`;
  const isPlain = mean.every((value) => value === 0) && deviation.every((value) => value === 1);
  const values = isPlain
    ? scale === 1
      ? 'values 0 to 255'
      : 'values 0 to 1'
    : `${scale === 1 ? 'levels' : 'values 0 to 1'} less ${mean.join(', ')}, by ${deviation.join(', ')}`;
  return `${sized}; ${channels.toUpperCase()}; ${values}`;
}

export const BACKEND_WORDS: Readonly<Record<Backend, string>> = {
  'tensorflow-gpu': 'TensorFlow on the graphics card',
  tensorflow: 'TensorFlow',
  cuda: 'ONNX Runtime, CUDA',
  directml: 'ONNX Runtime, DirectML',
  coreml: 'ONNX Runtime, Core ML',
  webgpu: 'ONNX Runtime, WebGPU',
  onnx: 'ONNX Runtime on the processor',
  wasm: 'WebAssembly',
};

/** The engine and, where that does not say it already, the device. */
export function deviceWords({ backend, device }: Pick<ModelEstimate, 'backend' | 'device'>): string {
  const engine = BACKEND_WORDS[backend];
  return device === '' || engine.toLowerCase().includes(device.toLowerCase())
    ? engine
    : `${engine}, ${device}`;
}
