/** `evaluate` of one COCO results file against one COCO truth under the COCO protocol: from files to numbers by the kernels. */
import { BadInput } from '../../core/foundation/bad-input';
import type { CocoFilesEvaluation } from '../../engine/kernels/evaluate-coco';
import { evaluateCocoFiles } from '../../engine/kernels/evaluate-coco';
import type { CommandContext } from '../command';
import { inFolder } from '../command';
import { categoryFindings } from './category-findings';
import { concludeEvaluation } from './conclude';
import type { EvaluateOptions } from './evaluate-options';
import { chooseProtocols, parametersOf, scoreOf, threadsOf } from './options';

/** Options that need what only the plain path has. */
const FOR_THE_PLAIN_PATH = [
  'against',
  'arrays',
  'categories',
  'confidenceInterval',
  'conventions',
  'curves',
  'format',
  'hierarchy',
  'imageLabels',
  'labelMap',
  'matches',
  'partial',
  'predictionsConventions',
  'predictionsFormat',
  'shard',
  'subset',
] as const satisfies readonly (keyof EvaluateOptions)[];

/** Whether nothing in the options speaks against the kernels; what the files hold shows when they are read. */
export function isOrdinary(options: EvaluateOptions): boolean {
  return (
    FOR_THE_PLAIN_PATH.every((name) => options[name] === undefined) &&
    options.predictions.length === 1 &&
    options.predictions[0] !== '-' &&
    options.truth !== '-' &&
    chooseProtocols(options).join() === 'coco'
  );
}

/** The exit code; null where the plain path has to do it, and nothing was printed. */
export async function evaluateQuickly(
  context: CommandContext,
  options: EvaluateOptions,
): Promise<number | null> {
  const made = tryKernels(context, options);
  if (made === null) return null;
  const having = (size: 'annotations' | 'predictions') =>
    new Set([...made.classSizes.keys()].filter((klass) => made.classSizes[klass]![size] > 0));
  const inputs = {
    truth: {
      format: 'coco',
      images: made.images,
      annotations: made.annotations,
      categories: made.categories.length,
    },
    predictions: { format: 'coco-results', predictions: made.records },
    join: made.join,
  };
  const findings = [
    ...made.findings,
    ...categoryFindings(made.categories, having('annotations'), having('predictions')),
  ];
  return concludeEvaluation(context, options, inputs, [made.result], findings);
}

/** Whatever stops the kernels, a missing file or a record out of the ordinary, the plain path meets too and tells. */
function tryKernels(context: CommandContext, options: EvaluateOptions): CocoFilesEvaluation | null {
  const files = {
    truth: inFolder(context, options.truth),
    predictions: inFolder(context, options.predictions[0]!),
    strict: options.strict ?? false,
    parameters: parametersOf(options, 'coco'),
    score: scoreOf(options),
    threads: threadsOf(options),
  };
  try {
    return evaluateCocoFiles(files);
  } catch (error) {
    if (error instanceof BadInput) throw error;
    return null;
  }
}
