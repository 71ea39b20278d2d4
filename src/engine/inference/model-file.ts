/** Finds and reads a model where the user points: recognised by content, explained where it cannot run. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ModelSignature } from '../../core/inference/model';
import { BadInput } from '../../core/foundation/bad-input';
import { unreadable } from '../import/files';
import { isFolder, namesIn, readHead } from './files';
import { withMetadataOf } from './signature/metadata-yaml';
import { readFrozenGraph } from './signature/frozen-graph';
import { readOnnx } from './signature/onnx';
import { ProtoProblem } from './signature/proto';
import type { SavedModelFile } from './signature/saved-model';
import { readSavedModel } from './signature/saved-model';
import type { TfjsModel, TfjsModelJson } from './signature/tfjs';
import { readTfjs } from './signature/tfjs';

/** What an engine needs besides the path, by form. */
export type ModelDetails =
  | { readonly form: 'onnx' }
  | { readonly form: 'saved-model' | 'frozen-graph'; readonly file: SavedModelFile }
  | { readonly form: 'tfjs'; readonly model: TfjsModel; readonly json: TfjsModelJson };

export interface ModelFile {
  /** As the user named it. */
  readonly given: string;
  /** The `.onnx` file, the SavedModel's folder, the frozen graph's file, the `model.json`. */
  readonly path: string;
  readonly signature: ModelSignature;
  readonly details: ModelDetails;
  /** Every file that is part of it, absolute. */
  readonly files: readonly string[];
  /** Why it was recognised as that. */
  readonly why: string;
}

const EXPORT_IT = 'Give a SavedModel folder, a TF.js model.json or an .onnx file.';

function notAModel(given: string, why: string, next = EXPORT_IT): BadInput {
  return new BadInput('not-a-model', `${given} is no model that runs here: ${why}.`, next, { file: given });
}

function corrupt(file: string, reason: string): BadInput {
  return new BadInput(
    'model-corrupt',
    `${file} cannot be read as a model: ${reason}.`,
    'Export or copy it again.',
    {
      file,
    },
  );
}

/** Formats of other libraries that people try, with the way out. */
const FOREIGN: readonly { readonly name: RegExp; readonly what: string; readonly next: string }[] = [
  {
    name: /\.(pt|pth|ckpt|safetensors)$/i,
    what: 'PyTorch weights, which only their own code can run',
    next: 'Export it to ONNX (for YOLO: yolo export format=onnx).',
  },
  {
    name: /\.(h5|hdf5|keras)$/i,
    what: 'a Keras file',
    next: 'Write it with model.export("folder") and give that folder.',
  },
  { name: /\.tflite$/i, what: 'a TensorFlow Lite file', next: 'Give the SavedModel that it was made from.' },
  {
    name: /\.(index|meta|data-\d+-of-\d+)$/i,
    what: 'a training checkpoint',
    next: 'Export it with exporter_main_v2.py and give its saved_model folder.',
  },
];

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw unreadable(error, file);
  }
}

const asCorrupt = (error: unknown, file: string): unknown =>
  error instanceof ProtoProblem || error instanceof RangeError ? corrupt(file, error.message) : error;

async function openSavedModel(given: string, folder: string, why: string): Promise<ModelFile> {
  const graph = path.join(folder, 'saved_model.pb');
  const bytes = await readBytes(graph);
  let file: SavedModelFile;
  try {
    file = readSavedModel(bytes);
  } catch (error) {
    throw asCorrupt(error, graph);
  }
  if (file.outputs.specs.length === 0)
    throw corrupt(graph, 'it has no signature with outputs (serving_default)');
  const variables = path.join(folder, 'variables');
  const index = path.join(variables, 'variables.index');
  if (file.hasVariables && !existsSync(index))
    throw new BadInput(
      'model-incomplete',
      `The model has variables, but ${index} is not there.`,
      'Copy the whole folder: saved_model.pb alone holds no weights.',
      { file: index },
    );
  const weights = (await namesIn(variables)).filter(({ isFolder: below }) => !below);
  return {
    given,
    path: folder,
    signature: await withMetadataOf(folder, file.signature),
    details: { form: 'saved-model', file },
    files: [graph, ...weights.map(({ name }) => path.join(variables, name))],
    why,
  };
}

/** Only of the Object Detection API is known what comes out where. */
async function openFrozenGraph(given: string, file: string): Promise<ModelFile> {
  const refusal = notAModel(
    given,
    'a frozen TensorFlow graph, which has no signature, or no model at all',
    'Give the saved_model folder of the same export, or convert it with tf2onnx.',
  );
  let graph: SavedModelFile | null;
  try {
    graph = readFrozenGraph(await readBytes(file));
  } catch (error) {
    throw error instanceof ProtoProblem ? refusal : error;
  }
  if (graph === null) throw refusal;
  return {
    given,
    path: file,
    signature: graph.signature,
    details: { form: 'frozen-graph', file: graph },
    files: [file],
    why: 'a frozen graph with the names of the Object Detection API',
  };
}

function tfjsModel(json: TfjsModelJson, file: string): TfjsModel {
  try {
    return readTfjs(json);
  } catch (error) {
    // Members that are there, and of another kind than the format has them.
    if (error instanceof TypeError)
      throw corrupt(file, `its members are not as they should be: ${error.message}`);
    throw error;
  }
}

async function openTfjs(given: string, file: string, why: string): Promise<ModelFile> {
  const text = Buffer.from(await readBytes(file)).toString('utf8');
  let json: TfjsModelJson;
  try {
    json = JSON.parse(text) as TfjsModelJson;
  } catch (error) {
    throw corrupt(file, error instanceof Error ? error.message : String(error));
  }
  if (!json.modelTopology) throw corrupt(file, 'it has no modelTopology');
  const parts = (json.weightsManifest ?? []).flatMap(({ paths }) => paths);
  const files = [file, ...parts.map((name) => path.join(path.dirname(file), path.basename(name)))];
  const missing = files.find((part) => !existsSync(part));
  if (missing !== undefined)
    throw new BadInput(
      'model-incomplete',
      `The model's weights are missing: ${missing} is not there.`,
      'Copy the .bin files that model.json names beside it.',
      { file: missing },
    );
  const model = tfjsModel(json, file);
  return {
    given,
    path: file,
    signature: await withMetadataOf(path.dirname(file), model.signature),
    details: { form: 'tfjs', model, json },
    files,
    why,
  };
}

/** Throws `BadInput` where a file of weights is not there or ends before the `bytes` that the model takes from it. */
async function checkWeights(weights: string, bytes: number): Promise<void> {
  const name = path.basename(weights);
  if (!existsSync(weights))
    throw new BadInput(
      'model-incomplete',
      `The model keeps weights in ${name}, which is not beside it.`,
      'Copy that file into the same folder.',
      { file: weights },
    );
  const { size } = await stat(weights);
  if (size < bytes)
    throw new BadInput(
      'model-incomplete',
      `The model needs ${bytes} bytes of weights from ${name}, which has only ${size}: it was cut off, or belongs to another model.`,
      'Copy or export both files again.',
      { file: weights },
    );
}

async function openOnnx(given: string, file: string, why: string): Promise<ModelFile> {
  let parsed;
  try {
    parsed = readOnnx(await readBytes(file));
  } catch (error) {
    throw asCorrupt(error, file);
  }
  const { signature, externalFiles } = parsed;
  if (signature.outputs.length === 0) throw corrupt(file, 'it has no graph with outputs');
  const files = [file];
  for (const [name, bytes] of externalFiles) {
    const weights = path.join(path.dirname(file), path.basename(name));
    await checkWeights(weights, bytes);
    files.push(weights);
  }
  return { given, path: file, signature, details: { form: 'onnx' }, files, why };
}

/** An ONNX model starts with its IR version (field 1) and holds a graph (field 7). */
const looksLikeOnnx = (head: Uint8Array): boolean => head[0] === 0x08 && head[1]! > 0 && head[1]! < 64;

/** A graph starts with its first node (field 1, a record). */
const FIRST_NODE = 0x0a;

const looksLikeTfjs = (text: string): boolean =>
  /^\s*\{/.test(text) && /"(modelTopology|weightsManifest)"/.test(text);

async function openFile(given: string, file: string): Promise<ModelFile> {
  const head = await readHead(file);
  const name = path.basename(file);
  if (name === 'saved_model.pb')
    return openSavedModel(given, path.dirname(file), 'the saved_model.pb of a SavedModel');
  const text = Buffer.from(head).toString('latin1');
  if (looksLikeTfjs(text) || (name === 'model.json' && /^\s*\{/.test(text)))
    return openTfjs(given, file, 'a JSON file with modelTopology and weightsManifest');
  const foreign = FOREIGN.find(({ name: pattern }) => pattern.test(name));
  if (foreign) throw notAModel(given, foreign.what, foreign.next);
  if (looksLikeOnnx(head)) return openOnnx(given, file, 'a file that starts as ONNX models do');
  if (/\.onnx$/i.test(name)) throw corrupt(file, 'it does not start as an ONNX file does');
  if (/\.pb$/i.test(name)) {
    const beside = path.join(path.dirname(file), 'saved_model');
    if (existsSync(path.join(beside, 'saved_model.pb')))
      return openSavedModel(given, beside, `the SavedModel of the same export, beside ${name}`);
    return openFrozenGraph(given, file);
  }
  throw notAModel(given, 'its content is of no model format');
}

/** As the Object Detection API for TensorFlow 1 names it. */
const FROZEN_GRAPH = 'frozen_inference_graph.pb';

async function openFolder(given: string, folder: string): Promise<ModelFile> {
  const names = await namesIn(folder);
  const has = (name: string): boolean => existsSync(path.join(folder, name));
  if (has('saved_model.pb')) return openSavedModel(given, folder, 'a folder with saved_model.pb');
  if (has('saved_model/saved_model.pb'))
    return openSavedModel(given, path.join(folder, 'saved_model'), 'an export with a saved_model folder');
  if (has('saved_model.pbtxt'))
    throw notAModel(given, 'a SavedModel in text form', 'Save it again without as_text.');
  if (has('model.json')) return openFile(given, path.join(folder, 'model.json'));
  if (has(FROZEN_GRAPH)) return openFile(given, path.join(folder, FROZEN_GRAPH));
  const onnx = names.filter(({ name, isFolder: below }) => !below && /\.onnx$/i.test(name));
  if (onnx.length === 1) return openFile(given, path.join(folder, onnx[0]!.name));
  if (onnx.length > 1)
    throw notAModel(
      given,
      `it holds ${onnx.length} ONNX files`,
      `Give one of them: ${onnx.map(({ name }) => name).join(', ')}.`,
    );
  if (names.some(({ name }) => /\.(index|meta)$/.test(name)))
    throw notAModel(given, FOREIGN.at(-1)!.what, FOREIGN.at(-1)!.next);
  throw notAModel(given, 'the folder holds no saved_model.pb, model.json or .onnx file');
}

/** Throws `BadInput` where it is no model, is not whole, or is of a form that runs nowhere here. */
export async function openModelFile(given: string): Promise<ModelFile> {
  return (await isFolder(given)) ? openFolder(given, given) : openFile(given, given);
}

/** Whether a path looks like a model; for recognising what was dropped. */
export async function isModel(given: string): Promise<boolean> {
  if (!(await isFolder(given))) {
    const head = await readHead(given);
    return (
      path.basename(given) === 'saved_model.pb' ||
      looksLikeTfjs(Buffer.from(head).toString('latin1')) ||
      (/\.pb$/i.test(given) && head[0] === FIRST_NODE) ||
      (/\.onnx$/i.test(given) && looksLikeOnnx(head))
    );
  }
  const names: readonly string[] = await readdir(given).catch(() => []);
  return (
    names.includes('saved_model.pb') ||
    existsSync(path.join(given, 'saved_model', 'saved_model.pb')) ||
    names.includes(FROZEN_GRAPH) ||
    (names.includes('model.json') && (await isModel(path.join(given, 'model.json')))) ||
    names.filter((name) => /\.onnx$/i.test(name)).length === 1
  );
}

/** Hashes by name, size and time of all files: a large model is not read anew for every question about it. */
const knownHashes = new Map<string, string>();

/** SHA-256 over names and contents of all its files: what is known of a model is remembered by it. */
export async function hashModel({ files }: Pick<ModelFile, 'files'>): Promise<string> {
  const stats = await Promise.all(files.map((file) => stat(file)));
  const key = files.map((file, at) => `${file}\0${stats[at]!.size}\0${stats[at]!.mtimeMs}`).join('\n');
  const hash = knownHashes.get(key) ?? (await readHash(files));
  knownHashes.set(key, hash);
  return hash;
}

async function readHash(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${path.basename(file)}\0`);
    await pipeline(createReadStream(file), async (pieces: AsyncIterable<Uint8Array>) => {
      for await (const piece of pieces) hash.update(piece);
    });
  }
  return hash.digest('hex');
}
