/** Files beside datasets that are read too: logs of trainings, configurations, label maps, models. */
import { writeEventFile } from '../../../core/formats/event-file/event-file.fixture';
import { smallOnnx } from '../../inference/decoding/small-onnx.fixture';
import type { Seed } from './seed.fixture';

const text = (content: string): Uint8Array => Buffer.from(content);
const json = (value: unknown): Uint8Array => text(JSON.stringify(value, null, 1));

const LABEL_MAP = `# of a detector
item { id: 1 name: "dog" display_name: 'Dog' }
item: < name: "c\\x61t", id: 0x2; keypoints { id: 1 label: "nose" } >
`;

const PIPELINE = `model { ssd { num_classes: 2
    image_resizer { fixed_shape_resizer { height: 320 width: 320 } }
    anchor_generator { ssd_anchor_generator { num_layers: 6 min_scale: 0.2 max_scale: 0.95
      aspect_ratios: 1.0 aspect_ratios: [2.0, 0.5] } }
    post_processing { batch_non_max_suppression { score_threshold: 1e-8 iou_threshold: 0.6
      max_detections_per_class: 100 max_total_detections: 100 } score_converter: SIGMOID } } }
train_config { batch_size: 64 num_steps: 5000 fine_tune_checkpoint_type: "detection"
  data_augmentation_options { random_horizontal_flip { } }
  optimizer { momentum_optimizer { learning_rate { cosine_decay_learning_rate { learning_rate_base: 0.08
    total_steps: 5000 warmup_learning_rate: 0.026 warmup_steps: 1000 } } momentum_optimizer_value: 0.9 } } }
train_input_reader { label_map_path: "label_map.pbtxt" tf_record_input_reader { input_path: "train.record" } }
eval_config { metrics_set: "coco_detection_metrics" max_number_of_boxes: 100 }
eval_input_reader { shuffle: false tf_record_input_reader { input_path: "val.record" } }
`;

function events(form: 'simple' | 'tensor' | 'float-values'): Uint8Array {
  const tags = ['Loss/total_loss', 'learning_rate', 'DetectionBoxes_Precision/mAP'];
  return writeEventFile(
    [0, 100, 200].flatMap((step) => tags.map((tag, at) => ({ tag, step, wallTime: step, value: at + 0.25 }))),
    form,
  );
}

/** As Ultralytics exports it: names and sizes as literals of Python. */
const onnx = (): Uint8Array =>
  smallOnnx({
    input: { name: 'images', shape: [1, 3, 320, 320] },
    outputs: [{ name: 'output0', shape: [1, 6, 8], values: new Float32Array(48).fill(0.5) }],
    isBlind: true,
    metadata: {
      description: 'Ultralytics YOLO11n model',
      names: `{0: 'dog', 1: "c'at"}`,
      imgsz: '[320, 320]',
      stride: '32',
      task: 'detect',
      args: `{'batch': 1, 'nms': False, 'fraction': 1.0, 'dynamic': None}`,
    },
  });

const tfjs = {
  format: 'graph-model',
  generatedBy: '2.16.1',
  signature: {
    inputs: {
      input_tensor: {
        name: 'input_tensor:0',
        dtype: 'DT_UINT8',
        tensorShape: { dim: [{ size: '1' }, { size: '-1' }, { size: '-1' }, { size: '3' }] },
      },
    },
    outputs: Object.fromEntries(
      ['detection_boxes', 'detection_scores', 'detection_classes', 'num_detections'].map((name, at) => [
        name,
        {
          name: `Identity_${at}:0`,
          dtype: 'DT_FLOAT',
          tensorShape: { dim: [{ size: '1' }, { size: '100' }] },
        },
      ]),
    ),
  },
  modelTopology: { node: [{ name: 'input_tensor', op: 'Placeholder', attr: {} }], versions: {} },
  weightsManifest: [],
  userDefinedMetadata: { names: ['dog', 'cat'] },
};

/** `boxes`: what reading gives, whatever that is: numbers that were logged, classes, outputs. */
export function otherSeeds(): Seed[] {
  const seed = (
    name: string,
    kind: Seed['kind'],
    files: Record<string, Uint8Array>,
    boxes: number,
  ): Seed => ({
    ...{ name, kind, format: name, files, boxes },
    isSingle: Object.keys(files).length === 1,
  });
  return [
    seed('label-map', 'label-map', { 'label_map.pbtxt': text(LABEL_MAP) }, 2),
    seed('pipeline-config', 'trainings', { 'pipeline.config': text(PIPELINE) }, 1),
    ...(['simple', 'tensor', 'float-values'] as const).map((form) =>
      seed(`events-${form}`, 'trainings', { 'events.out.tfevents.1.host': events(form) }, 1),
    ),
    seed(
      'run',
      'trainings',
      { 'pipeline.config': text(PIPELINE), 'train/events.out.tfevents.1.host': events('tensor') },
      1,
    ),
    seed('onnx', 'model', { 'model.onnx': onnx() }, 1),
    seed('tfjs', 'model', { 'model.json': json(tfjs) }, 4),
  ];
}
