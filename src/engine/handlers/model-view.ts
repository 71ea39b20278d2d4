import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { ModelChoice, ModelClassView, ModelView } from '../../contract/model-view';
import { BadInput } from '../../core/foundation/bad-input';
import { classIds } from '../../core/inference/class-names';
import type { ModelContext, ModelPlan } from '../../core/inference/model';
import { understandModel } from '../../core/inference/understand';
import type { EngineState } from '../engine-state';
import { imageDetail } from '../gallery/image-detail';
import type { ImageFile } from '../images/image-file';
import { autoOrder, lookAtMachine } from '../inference/engines/open';
import type { ModelFile } from '../inference/model-file';
import { hashModel, isModel, openModelFile } from '../inference/model-file';
import type { ModelDecisions } from '../inference/project/decisions';
import { DecisionStore } from '../inference/project/decisions';
import { modelsEye } from '../inference/models-eye';
import { modelContext } from '../inference/predict/understand-file';
import { decodeRgb } from '../inference/session/prepare-image';
import { asCallError } from '../hosts/serve';

type Names = Extract<keyof EngineCalls, `model.${string}`>;

/** More classes than a list in a window is for. */
const MOST_CLASSES = 500;

interface Understood {
  readonly file: ModelFile;
  readonly hash: string;
  readonly inForce: ModelDecisions;
  readonly context: ModelContext;
}

/** The model's file with what was decided about it, what lies beside it, and the project's classes where one is open. */
async function readModel(
  { path: given, labelMap, overrides }: ModelChoice,
  { context: { userData }, project }: EngineState,
): Promise<Understood> {
  const file = await openModelFile(given);
  const hash = await hashModel(file);
  const inForce = await new DecisionStore(userData).inForce(hash, labelMap, overrides);
  const categories = project.describe()?.categories ?? null;
  const context = await modelContext(file, inForce.labelMap, categories?.map(({ name }) => name) ?? null);
  return { file, hash, inForce, context };
}

const isSaid = ({ overrides, labelMap }: ModelDecisions): boolean =>
  labelMap !== null || Object.keys(overrides).length > 0;

function classesOf(
  plan: ModelPlan,
  context: ModelContext,
  project: EngineState['project'],
): ModelClassView[] {
  const categories = project.describe()?.categories ?? null;
  const { idOf } = classIds(plan, context.labelMap, categories);
  const count = Math.min(plan.classNames?.length ?? plan.decoder.classCount ?? 0, MOST_CLASSES);
  return Array.from({ length: count }, (_, index) => ({
    number: index + plan.decoder.classBase,
    name: plan.classNames?.[index] ?? null,
    category: idOf(index),
  }));
}

async function describe(choice: ModelChoice, state: EngineState): Promise<ModelView> {
  const { file, hash, inForce, context } = await readModel(choice, state);
  const { signature, files, why } = file;
  const sizes = await Promise.all(files.map(async (part) => (await stat(part)).size));
  const view = {
    path: choice.path,
    name: path.basename(choice.path),
    form: signature.form,
    why,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    hash,
    ...inForce,
    isRemembered: choice.overrides === null && isSaid(inForce),
    producer: signature.producer,
    inputs: signature.inputs,
    outputs: signature.outputs,
    backends: autoOrder(signature.form, lookAtMachine(state.context.userData)),
  };
  try {
    const plan = understandModel(signature, context, inForce.overrides);
    return { ...view, plan, problem: null, classes: classesOf(plan, context, state.project) };
  } catch (error) {
    // A signature that nothing fits is shown with its form to fill in, not as a failure of the call.
    if (!(error instanceof BadInput)) throw error;
    const problem = asCallError(error, 'Understanding the model', (text) => state.context.log(text));
    return { ...view, plan: null, problem, classes: [] };
  }
}

/** `imageFile`: of an image by key; throws where it is missing. */
export function modelViewHandlers(
  state: EngineState,
  imageFile: (image: number) => ImageFile,
): Pick<Handlers<EngineCalls>, Names> {
  return {
    'model.recognise': ({ path: given }) => isModel(given),
    'model.ofSample': () => {
      const file = path.join(state.context.resources, 'sample', 'model', 'smear-detector.onnx');
      return state.project.describe()?.isSample === true && existsSync(file) ? file : null;
    },
    'model.understand': (choice) => describe(choice, state),
    'model.eye': async ({ image, ...choice }) => {
      const { file, inForce, context } = await readModel(choice, state);
      const { input } = understandModel(file.signature, context, inForce.overrides);
      const pixels = await decodeRgb(imageFile(image));
      const detail = imageDetail(state.project.current().session, image, null, { iou: 0.5, score: 0.5 });
      return modelsEye(input, pixels, detail.annotations);
    },
  };
}
