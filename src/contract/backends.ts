/** The engines that run models. */

/** As `--backend` names them; ONNX Runtime's by its execution provider. */
export const BACKENDS = [
  'tensorflow-gpu',
  'tensorflow',
  'cuda',
  'directml',
  'coreml',
  'webgpu',
  'onnx',
  'wasm',
] as const;
export type Backend = (typeof BACKENDS)[number];
