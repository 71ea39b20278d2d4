/** Any signature that nothing else fits: the user says which output holds the boxes, the scores and the classes. */
import { BadInput } from '../../foundation/bad-input';
import type { BoxOrder, BoxUnit, DecoderPlan, ModelSignature, OutputRole, PlanOverrides } from '../model';
import { decodeClassColumns } from './class-columns';
import { concluded, type Decoder, type Reading } from './decoder';
import { decodeDetectionRows } from './detection-rows';
import { findImageInput, shareInput } from './image-input';
import { decodeSeparateOutputs } from './separate-outputs';

export const mapping: Decoder = {
  name: 'mapping',
  read: () => null,
  decode: (run) => {
    const { outputs } = run.plan;
    if (outputs.rows !== undefined) return decodeDetectionRows(run);
    return outputs.classes === undefined ? decodeClassColumns(run) : decodeSeparateOutputs(run);
  },
};

const needs = (what: string): BadInput =>
  new BadInput(
    'mapping-incomplete',
    `The mapping lacks ${what}.`,
    'Choose rows, or boxes and scores (and classes).',
  );

function checkOutputs(signature: ModelSignature, outputs: NonNullable<PlanOverrides['outputs']>): void {
  for (const name of Object.values(outputs)) {
    if (!signature.outputs.some((output) => output.name === name))
      throw new BadInput('mapping-invalid', `The model has no output ${name}.`, 'Choose one of its outputs.');
  }
  if (outputs.rows === undefined && outputs.boxes === undefined) throw needs('an output with boxes');
  if (outputs.rows === undefined && outputs.scores === undefined) throw needs('an output with scores');
}

/** The reading that a mapping amounts to; the rest of the overrides are applied to it as to any. */
export function readMapping(signature: ModelSignature, overrides: PlanOverrides): Reading {
  const image = findImageInput(signature);
  if (image === null)
    throw new BadInput(
      'model-no-image-input',
      'No input of the model takes a colour image.',
      'Export the model with an image as input.',
    );
  const outputs: Readonly<Partial<Record<OutputRole, string>>> = overrides.outputs ?? {};
  checkOutputs(signature, outputs);
  const columns =
    outputs.classes === undefined && outputs.scores !== undefined
      ? (signature.outputs.find(({ name }) => name === outputs.scores)?.shape?.at(-1) ?? null)
      : null;
  const boxOrder: BoxOrder = overrides.boxOrder ?? 'xyxy';
  const boxUnit: BoxUnit = overrides.boxUnit ?? 'input';
  const decoder: DecoderPlan = {
    name: 'mapping',
    outputs,
    boxOrder,
    boxUnit,
    classBase: 0,
    background: null,
    activation: 'none',
    classesPerBox: columns === null ? 'best' : 'all',
    suppression: columns === null ? null : { iou: 0.5, perClass: true },
    classCount: columns,
    strides: null,
    isValuesFirst: false,
  };
  return {
    input: shareInput(image),
    decoder,
    evidence: [
      concluded(
        'decoder',
        `As you say: ${Object.entries(outputs)
          .map(([role, name]) => `${name} holds the ${role}`)
          .join(', ')}.`,
      ),
    ],
  };
}
