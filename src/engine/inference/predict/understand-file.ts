/** A model file with what was understood from it and from what lies beside it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { understandModel } from '../../../core/inference/understand';
import type { ModelContext, ModelPlan, PlanOverrides } from '../../../core/inference/model';
import { loadLabelMap } from '../../import/load';
import type { ModelFile } from '../model-file';
import { openModelFile } from '../model-file';

export interface UnderstoodModel {
  readonly file: ModelFile;
  readonly plan: ModelPlan;
  readonly labelMap: ModelContext['labelMap'];
}

/** The model's own folder, and the one above where the model is a folder itself. */
function foldersAbout({ path: at, signature }: ModelFile): readonly string[] {
  const own = signature.form === 'saved-model' ? at : path.dirname(at);
  return signature.form === 'onnx' ? [own] : [own, path.dirname(own)];
}

function findBeside(file: ModelFile, name: string): string | null {
  return (
    foldersAbout(file)
      .map((folder) => path.join(folder, name))
      .find((candidate) => existsSync(candidate)) ?? null
  );
}

/** What is known besides the file. `labelMap`: the file given for it; null: one beside the model. */
export async function modelContext(
  file: ModelFile,
  labelMap: string | null,
  classNames: ModelContext['classNames'],
): Promise<ModelContext> {
  const labels = labelMap ?? findBeside(file, 'label_map.pbtxt');
  const config = findBeside(file, 'pipeline.config');
  return {
    labelMap: labels === null ? null : await loadLabelMap(labels),
    classNames,
    pipelineConfig: config === null ? null : await readFile(config, 'utf8'),
  };
}

/** `labelMap` as in `modelContext`. Throws `BadInput` as its steps do. */
export async function understandFile(
  given: string,
  labelMap: string | null,
  classNames: ModelContext['classNames'],
  overrides: PlanOverrides,
): Promise<UnderstoodModel> {
  const file = await openModelFile(given);
  const context = await modelContext(file, labelMap, classNames);
  return {
    file,
    plan: understandModel(file.signature, context, overrides),
    labelMap: context.labelMap,
  };
}
