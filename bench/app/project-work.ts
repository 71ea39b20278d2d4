/** Import and edits of a project, in this process: what the engine does, without its messages. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { joinPredictions } from '../../src/core/formats/join';
import { createScorer } from '../../src/core/metrics/scorer';
import { prepareTruth } from '../../src/engine/import/into-project';
import { loadPredictions, loadTruth } from '../../src/engine/import/load';
import { ProjectSession } from '../../src/engine/project/session';
import { noProgress } from '../../src/core/foundation/cancellation';

const IMAGES = 400;
const CLASSES = 20;
const BOXES_AN_IMAGE = 30;
const PREDICTIONS_AN_IMAGE = 100;
const EDITS = 50;
const COCO = { runs: null, protocols: ['coco'] } as const;

export interface Measured {
  readonly what: string;
  readonly milliseconds: number;
  readonly baseline: string;
  readonly baselineMilliseconds: number;
}

/** A small generator of pseudorandom numbers, the same every time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Ground truth and predictions of a generated set, as files in a folder. */
export function writeSet(
  folder: string,
  images = IMAGES,
  predictions = PREDICTIONS_AN_IMAGE,
): [string, string] {
  const random = randomNumbers(7);
  const whole = (limit: number): number => Math.floor(random() * limit);
  const truth = {
    images: Array.from({ length: images }, (_, i) => ({
      id: i + 1,
      file_name: `${i + 1}.png`,
      width: 1000,
      height: 800,
    })),
    categories: Array.from({ length: CLASSES }, (_, i) => ({ id: i + 1, name: `class ${i + 1}` })),
    annotations: Array.from({ length: images * BOXES_AN_IMAGE }, (_, i) => ({
      id: i + 1,
      image_id: 1 + Math.floor(i / BOXES_AN_IMAGE),
      category_id: 1 + whole(CLASSES),
      bbox: [whole(900), whole(700), 10 + whole(90), 10 + whole(90)],
      iscrowd: 0,
    })),
  };
  const results = Array.from({ length: images * predictions }, (_, i) => {
    const image = Math.floor(i / predictions);
    const near = truth.annotations[image * BOXES_AN_IMAGE + whole(BOXES_AN_IMAGE)]!;
    const shift = (): number => Math.round((random() - 0.5) * 30);
    return {
      image_id: image + 1,
      category_id: near.category_id,
      bbox: near.bbox.map((value, at) => (at < 2 ? value + shift() : Math.max(2, value + shift()))),
      score: random(),
    };
  });
  const files: [string, string] = [path.join(folder, 'truth.json'), path.join(folder, 'results.json')];
  writeFileSync(files[0], JSON.stringify(truth));
  writeFileSync(files[1], JSON.stringify(results));
  return files;
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Imports the files into a new project. */
export async function makeProject(file: string, [truthFile, resultsFile]: [string, string]): Promise<void> {
  const { truth } = await loadTruth(truthFile, { keepExtra: true });
  const { raw } = await loadPredictions(resultsFile, { truth });
  const { predictions } = joinPredictions(truth, raw, { file: resultsFile });
  const session = ProjectSession.create(file);
  session.import(
    {
      truth: await prepareTruth(truth, null, noProgress),
      run: { name: 'model', source: 'results.json', predictions },
      replace: false,
      author: 'bench',
      label: 'Import',
    },
    COCO,
  );
  session.close();
}

export async function measureProject(folder: string): Promise<Measured[]> {
  const files = writeSet(folder);
  const project = path.join(folder, 'bench.reticle');
  const parse = (): unknown[] => files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as unknown);
  parse();
  const parsing = await timed(parse);
  const importing = await timed(() => makeProject(project, files));
  const session = ProjectSession.open(project);
  const run = session.runs[0]!.id;
  session.scorer(run, 'coco').headline();
  const full = await timed(() => createScorer(session.inputOf(run), 'coco').headline());
  const editing = await timed(() => {
    for (let i = 0; i < EDITS; i++)
      session.apply([{ accept: { run, prediction: i * 97 } }], 'bench', 'Accept', COCO);
  });
  session.close();
  return [
    {
      what: `import of ${IMAGES} images, ${IMAGES * BOXES_AN_IMAGE} boxes, ${IMAGES * PREDICTIONS_AN_IMAGE} predictions, scored`,
      milliseconds: importing,
      baseline: 'JSON.parse of the same two files',
      baselineMilliseconds: parsing,
    },
    {
      what: 'one edit: committed to disk and scored',
      milliseconds: editing / EDITS,
      baseline: 'one full evaluation of the same set',
      baselineMilliseconds: full,
    },
  ];
}
