/**
 * What a model file says of itself (`ModelSignature`) and what was understood from it (`ModelPlan`): how an image
 * becomes the network's input, and how its outputs become boxes. Both are plain data: they are shown, overridden,
 * remembered by the file's hash and sent between processes as they are.
 */

export type ModelForm = 'saved-model' | 'frozen-graph' | 'tfjs-graph' | 'tfjs-layers' | 'onnx';

/** Element types in the words of ONNX and NumPy; what is none of them keeps the file's own word. */
export type TensorType =
  | 'float32'
  | 'float16'
  | 'float64'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'bool'
  | 'string'
  | `other:${string}`;

export interface TensorSpec {
  readonly name: string;
  readonly dtype: TensorType;
  /** Sizes; null for one that may be any. The whole is null where not even the number of dimensions is known. */
  readonly shape: readonly (number | null)[] | null;
}

export interface ModelSignature {
  readonly form: ModelForm;
  /** Without initialisers; in the file's order. */
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** The file's own key to value pairs, values as they stand (ONNX `metadata_props`; TF.js `userDefinedMetadata` as JSON). */
  readonly metadata: Readonly<Record<string, string>>;
  /** Kinds of operations in the graph, without repeats, those of functions and branches too; null where not read. */
  readonly operators: readonly string[] | null;
  /** Who wrote the file (ONNX `producer_name`, TF.js `generatedBy`); null where it does not say. */
  readonly producer: string | null;
}

/** What is known besides the file itself. */
export interface ModelContext {
  /** Of `--label-map`, else of a `label_map.pbtxt` beside the model. */
  readonly labelMap: readonly { readonly id: number; readonly name: string }[] | null;
  /** Class names of the project or the truth, for checking and for counting; null where there is none. */
  readonly classNames: readonly string[] | null;
  /** Text of a `pipeline.config` beside the SavedModel or in the folder above it. */
  readonly pipelineConfig: string | null;
  /** What `transformers` wrote beside an export of its own; null where there is nothing of it. */
  readonly transformers: TransformersExport | null;
  /** What PaddleDetection wrote beside an export of its own; null where there is nothing of it. */
  readonly paddle: PaddleExport | null;
  /** What mmdeploy wrote beside an export of its own; null where there is nothing of it. */
  readonly mmdeploy: MmdeployExport | null;
}

/** From `pipeline.json`. */
export interface MmdeployExport extends Pick<InputPlan, 'channels' | 'mean' | 'deviation'> {
  /** To this size, or within the two as limits of the longer and the shorter side; null where it does not say. */
  readonly resize: { readonly width: number; readonly height: number; readonly keepsAspect: boolean } | null;
  /** Red, green and blue of the padding. */
  readonly fill: readonly [number, number, number];
  /** Sides are padded to multiples of it; null: to the whole size. */
  readonly padsTo: number | null;
}

/** From `infer_cfg.yml`; null for what it does not say. */
export interface PaddleExport {
  /** `YOLO`, `PPYOLOE`, `RCNN`, ... */
  readonly architecture: string | null;
  readonly resize: {
    readonly height: number;
    readonly width: number;
    /** Within the two as limits of the shorter and the longer side; else stretched to them. */
    readonly keepsAspect: boolean;
    /** OpenCV's number of the filter: 1 is bilinear, 2 bicubic. */
    readonly filter: number;
  } | null;
  readonly normalise: Pick<InputPlan, 'scale' | 'mean' | 'deviation'>;
  /** Sides are padded to multiples of it. */
  readonly padsTo: number | null;
  /** By class number. */
  readonly names: readonly string[] | null;
}

/** From `config.json` and `preprocessor_config.json`; null for what they do not say. */
export interface TransformersExport {
  /** `detr`, `rt_detr`, ... */
  readonly modelType: string | null;
  /** By class number. */
  readonly names: readonly (string | null)[] | null;
  readonly preparation: ImagePreparation | null;
}

/** How an image processor of `transformers` prepares an image. */
export interface ImagePreparation {
  /** The image is stretched to `exact`, or keeps its aspect within limits of its shorter and longer side. */
  readonly size:
    | { readonly kind: 'exact'; readonly height: number; readonly width: number }
    | { readonly kind: 'sides'; readonly shorter: number; readonly longer: number }
    | null;
  /** Pillow's number of the filter: 2 is bilinear. */
  readonly filter: number | null;
  readonly scale: number;
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

export type Resize = 'none' | 'stretch' | 'letterbox';
export type ChannelOrder = 'rgb' | 'bgr';
export type TensorLayout = 'nhwc' | 'nchw' | 'hwc' | 'chw';

/**
 * All with half-pixel centres, and bilinear but for `opencv-cubic`. `exact`: values stay fractions of grey levels.
 * `opencv`: to whole grey levels, in OpenCV's fixed-point steps; `opencv-cubic` too, in fractions. `pillow`: the triangle
 * widens when shrinking (antialiasing), to whole grey levels.
 */
export type Interpolation = 'exact' | 'opencv' | 'opencv-cubic' | 'pillow';

export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** How a letterbox is laid out. */
export interface LetterboxRule {
  /** Level of the padding, 0 to 255: one for all channels, or red, green and blue. */
  readonly fill: number | readonly [number, number, number];
  /** Where the image sits: in the middle (the odd pixel right and below) or at the upper left corner. */
  readonly place: 'centre' | 'corner';
  /**
   * How the scaled size becomes whole pixels. `half-to-even`: boxes go back with each axis's own gain (rounded size /
   * original size), as Ultralytics does, and `half-up` too, as OpenMMLab does; `down`: with the one gain before
   * rounding, as YOLOX does. `sides`: the plan's
   * height limits the shorter side and its width the longer one, whichever way the image lies, and boxes go back with
   * each axis's own gain, as transformers' `shortest_edge` and `longest_edge` do; `sides-half-up`: the same limits with
   * halves rounded up, as Detectron2 and OpenMMLab do.
   */
  readonly rounding: 'half-to-even' | 'half-up' | 'down' | 'sides' | 'sides-half-up';
  /**
   * Null: the input has the size of `InputPlan.size`. A number: padded only to the next multiple of it, for inputs of
   * any size.
   */
  readonly multipleOf: number | null;
}

/** An input of two numbers an image. */
export interface SizeInput {
  readonly name: string;
  readonly dtype: TensorType;
  /** Pixels of the image before any resize, pixels of the input, or input pixels for each pixel of the image. */
  readonly holds: 'image' | 'input' | 'gain';
  readonly order: 'width-height' | 'height-width';
}

/** From a decoded image (8-bit RGB, rows from the top, EXIF rotation not applied) to the input tensor. */
export interface InputPlan {
  readonly name: string;
  readonly dtype: TensorType;
  readonly layout: TensorLayout;
  readonly channels: ChannelOrder;
  readonly resize: Resize;
  /** Null only where `resize` is none: the image goes in as large as it is. */
  readonly size: ImageSize | null;
  readonly letterbox: LetterboxRule | null;
  readonly interpolation: Interpolation;
  /** Input value = (grey level * scale - mean[channel]) / deviation[channel]; channels in the order of `channels`. */
  readonly scale: number;
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
  /**
   * Images at once; null: as many as fit. A number is the file's own: fewer images are filled up to it. 1 for layouts
   * without a batch.
   */
  readonly batch: number | null;
  /** Further inputs that tell how large the image is, or how it was scaled. */
  readonly sizes: readonly SizeInput[];
  /**
   * A second input that says where the input is image and not padding: ones all over. Its dimensions after the batch
   * that are null are the input's height and width.
   */
  readonly mask?: TensorSpec | null;
}

export const DECODER_NAMES = [
  'tf2-object-detection-api',
  'tf1-object-detection-api',
  'tfjs-object-detection-api',
  'coco-ssd',
  'yolov5',
  'yolov8',
  'yolo-end-to-end',
  'yolox',
  'grid-boxes',
  'ssd',
  'detr',
  'rt-detr',
  'torchvision',
  'detectron2',
  'mmdetection',
  'paddle-detection',
  'efficientdet',
  'centernet',
  'nanodet',
  'mapping',
] as const;
export type DecoderName = (typeof DECODER_NAMES)[number];

/** What an output holds. */
export type OutputRole =
  | 'boxes'
  | 'scores'
  | 'classes'
  | 'count'
  | 'rows'
  | 'image-info'
  | `level-${number}`
  | `distances-${number}`;

/** Order of a box's four numbers; `cxcywh` counts from its centre, `xywh` from its upper left corner. */
export type BoxOrder = 'xyxy' | 'yxyx' | 'cxcywh' | 'xywh';
/** `share`: 0 to 1 of the input; `input`: pixels of the input; `image`: pixels of the original image. */
export type BoxUnit = 'share' | 'input' | 'image';

export interface Suppression {
  /** Of two boxes whose IoU is above it the lower scored one goes. */
  readonly iou: number;
  /** Only boxes of one class suppress each other. */
  readonly perClass: boolean;
}

/** From the outputs of one run to boxes. */
export interface DecoderPlan {
  readonly name: DecoderName;
  /** Role to output name. */
  readonly outputs: Readonly<Partial<Record<OutputRole, string>>>;
  readonly boxOrder: BoxOrder;
  readonly boxUnit: BoxUnit;
  /** Number of the first class in the model's own output. */
  readonly classBase: 0 | 1;
  /** Column of the class scores that is no object; null where there is none. */
  readonly background: number | null;
  /** Scores as they stand, or raw values of which these make scores. */
  readonly activation: 'none' | 'sigmoid' | 'softmax';
  /** Each box has its best class only, or one entry for each class that reaches the threshold. */
  readonly classesPerBox: 'best' | 'all';
  readonly suppression: Suppression | null;
  /** Number of classes, background not counted; null where only the classes' numbers come out. */
  readonly classCount: number | null;
  /** Side of a cell in input pixels, level by level, where boxes are given relative to a grid's cells; else null. */
  readonly strides: readonly number[] | null;
  /** Of an output with values and candidates as its last two dimensions: values come first. */
  readonly isValuesFirst: boolean;
  /** Of an output of rows: where in a row what stands. Absent: box, score, class. */
  readonly columns?: RowColumns;
}

/** Columns of a row of finished detections; the box takes four, of which this is the first. */
export interface RowColumns {
  /** Place of the row's image in the batch; null: an image has rows of its own. */
  readonly image: number | null;
  readonly box: number;
  readonly score: number;
  readonly class: number;
}

/** One thing that was concluded, with what it was concluded from. */
export interface Evidence {
  /** What the sentence is about; the name of the flag that overrides it, where there is one. */
  readonly about:
    | 'form'
    | 'decoder'
    | 'class-base'
    | 'background'
    | 'input-size'
    | 'resize'
    | 'normalise'
    | 'channels'
    | 'class-names'
    | 'outputs'
    | 'suppression';
  readonly sentence: string;
  /** The file does not say it: also in `ModelPlan.assumed`. */
  readonly isAssumed: boolean;
}

export interface ModelPlan {
  readonly input: InputPlan;
  readonly decoder: DecoderPlan;
  /** By class index from 0 (the model's number minus `classBase`); null where a class has no name or none is known. */
  readonly classNames: readonly (string | null)[] | null;
  readonly classNamesFrom: 'label-map' | 'metadata' | 'project' | 'built-in' | null;
  readonly evidence: readonly Evidence[];
  /** Sentences: what the file did not tell, what was taken instead, why, and the flag that corrects it. */
  readonly assumed: readonly string[];
}

/** What the user said instead; absent: as understood. Options of the command line by the same names. */
export interface PlanOverrides {
  readonly decoder?: DecoderName;
  readonly classBase?: 0 | 1;
  /** Null: no background column (`none`). */
  readonly background?: number | null;
  readonly inputSize?: ImageSize;
  readonly resize?: Resize;
  /**
   * Per channel or one for all; in grey levels 0 to 255 where a number is above 1, else of values 0 to 1. `none`: grey
   * levels as they are.
   */
  readonly normalise?: 'none' | { readonly mean: readonly number[]; readonly deviation: readonly number[] };
  readonly channels?: ChannelOrder;
  readonly suppression?: Suppression | null;
  /** For a signature that nothing fits: which output is what. Takes the decoder `mapping`. */
  readonly outputs?: Readonly<Partial<Record<OutputRole, string>>>;
  readonly boxOrder?: BoxOrder;
  readonly boxUnit?: BoxUnit;
  readonly activation?: DecoderPlan['activation'];
}

/** Where the image lies in the input: input = image * scale + offset, per axis, in pixels. */
export interface Placement {
  readonly imageWidth: number;
  readonly imageHeight: number;
  readonly inputWidth: number;
  readonly inputHeight: number;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly offsetX: number;
  readonly offsetY: number;
  /** The scaled image in whole pixels; the rest of the input is padding. It lies at `offsetX`, `offsetY`. */
  readonly contentWidth: number;
  readonly contentHeight: number;
}

/** One output of a run, for a whole batch. int64 may come as BigInt64Array; half precision as float32. */
export interface OutputTensor {
  readonly shape: readonly number[];
  readonly data:
    | Float32Array
    | Float64Array
    | Int32Array
    | Uint8Array
    | Int8Array
    | Int16Array
    | Uint16Array
    | BigInt64Array;
}

export type ModelOutputs = ReadonlyMap<string, OutputTensor>;

export interface DetectionLimits {
  /** Scores below it are left out. */
  readonly scoreThreshold: number;
  /** Best so many an image are kept. */
  readonly maxDetections: number;
}

/** Boxes of one image, by falling score. */
export interface Detections {
  readonly count: number;
  /** x, y, width, height in pixels of the decoded image, not clipped: four entries a box. */
  readonly box: Float64Array;
  readonly score: Float64Array;
  /** Class index from 0: the model's number minus `classBase`. */
  readonly classIndex: Int32Array;
}
