/** `reticle inspect` of a model: inputs, outputs, and what was understood from them. */
import { BadInput } from '../core/foundation/bad-input';
import type { Finding } from '../core/foundation/finding';
import type { ModelPlan, TensorSpec } from '../core/inference/model';
import { openModelFile } from '../engine/inference/model-file';
import { understandFile } from '../engine/inference/predict/understand-file';

export interface ModelInspection {
  readonly kind: 'model';
  readonly format: string;
  readonly why: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Null where it is no detector, or none that is known; a finding then says why. */
  readonly decoder: ModelPlan['decoder'] | null;
  readonly assumed: readonly string[];
  readonly evidence: ModelPlan['evidence'];
  readonly input: ModelPlan['input'] | null;
  readonly classNames: ModelPlan['classNames'];
  readonly findings: readonly Finding[];
}

export async function inspectModel(given: string, labelMap: string | null): Promise<ModelInspection> {
  const { signature, why } = await openModelFile(given);
  const start = { kind: 'model', format: signature.form, why } as const;
  const { inputs, outputs } = signature;
  try {
    const { plan } = await understandFile(given, labelMap, null, {});
    const { decoder, assumed, evidence, input, classNames } = plan;
    return { ...start, inputs, outputs, decoder, assumed, evidence, input, classNames, findings: [] };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const { code, message, where, next } = error;
    const finding: Finding = { code, severity: 'error', message: `${message} ${next}`, where, count: 1 };
    const none = { decoder: null, assumed: [], evidence: [], input: null, classNames: null };
    return { ...start, inputs, outputs, ...none, findings: [finding] };
  }
}

const tensorText = ({ name, dtype, shape }: TensorSpec): string =>
  `${name} ${dtype} [${shape === null ? '...' : shape.map((size) => size ?? '?').join(', ')}]`;

export function modelText(model: ModelInspection): string {
  const names = (model.classNames ?? []).map((name, index) => name ?? `class ${index}`);
  return [
    `model, ${model.format}: ${model.why}`,
    ...model.inputs.map((spec) => `  in   ${tensorText(spec)}`),
    ...model.outputs.map((spec) => `  out  ${tensorText(spec)}`),
    `  decoder: ${model.decoder?.name ?? 'none'}`,
    ...model.evidence.map(({ sentence, isAssumed }) => `    ${isAssumed ? 'assumed: ' : ''}${sentence}`),
    ...(names.length > 0 ? [`  classes: ${names.join(', ')}`] : []),
    '',
  ].join('\n');
}
