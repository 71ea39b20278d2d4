/** A model file with what was understood from it and from what lies beside it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { readMmdeployExport } from '../../../core/inference/decoders/mmdeploy-export';
import { readPaddleExport } from '../../../core/inference/decoders/paddle-export';
import { readTransformersExport } from '../../../core/inference/decoders/transformers-export';
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
  // Optimum's exports for browsers keep the graph in `onnx/`, below what describes it.
  const isInner = signature.form !== 'onnx' || path.basename(own) === 'onnx';
  return isInner ? [own, path.dirname(own)] : [own];
}

async function readBeside(file: ModelFile, name: string): Promise<string | null> {
  const found = findBeside(file, name);
  return found === null ? null : readFile(found, 'utf8');
}

function findBeside(file: ModelFile, name: string): string | null {
  return (
    foldersAbout(file)
      .map((folder) => path.join(folder, name))
      .find((candidate) => existsSync(candidate)) ?? null
  );
}

/** Null where there is none, or it is no YAML: the model is understood as if it were not there. */
function parsedYaml(text: string | null): unknown {
  if (text === null) return null;
  try {
    return parse(text, { logLevel: 'error' });
  } catch {
    return null;
  }
}

/** What is known besides the file. `labelMap`: the file given for it; null: one beside the model. */
export async function modelContext(
  file: ModelFile,
  labelMap: string | null,
  classNames: ModelContext['classNames'],
): Promise<ModelContext> {
  const labels = labelMap ?? findBeside(file, 'label_map.pbtxt');
  return {
    labelMap: labels === null ? null : await loadLabelMap(labels),
    classNames,
    pipelineConfig: await readBeside(file, 'pipeline.config'),
    transformers: readTransformersExport(
      await readBeside(file, 'config.json'),
      await readBeside(file, 'preprocessor_config.json'),
    ),
    paddle: readPaddleExport(parsedYaml(await readBeside(file, 'infer_cfg.yml'))),
    // JSON is YAML too.
    mmdeploy: readMmdeployExport(parsedYaml(await readBeside(file, 'pipeline.json'))),
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
