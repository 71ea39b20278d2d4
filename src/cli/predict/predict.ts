/** `reticle predict`: a detector over a folder of images, into COCO results. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BadInput } from '../../core/foundation/bad-input';
import type { Finding } from '../../core/foundation/finding';
import { FindingCollector } from '../../core/foundation/finding';
import { classIds } from '../../core/inference/class-names';
import type { ModelPlan } from '../../core/inference/model';
import type { Truth } from '../../core/dataset/dataset';
import { writeFileWhole } from '../../engine/export/atomic';
import { loadTruth } from '../../engine/import/load';
import { hashModel } from '../../engine/inference/model-file';
import { runImages } from '../../engine/inference/predict/run-images';
import type { UnderstoodModel } from '../../engine/inference/predict/understand-file';
import { understandFile } from '../../engine/inference/predict/understand-file';
import type { ImageEvent } from '../../engine/inference/predict/run-images';
import type { OpenedModel, SessionRequest } from '../../engine/inference/session/messages';
import type { CommandContext } from '../command';
import { inFolder, printDocument, progressOnStderr, tellFindings, usage } from '../command';
import type { RunImage } from './images';
import { imagesFingerprint, imagesToRun } from './images';
import type { PredictOptions } from './options';
import { readOverrides, readShard, readThreshold, wholeNumber } from './options';
import { imageLines, lineOf, Unfinished, unfinishedPath } from '../../engine/inference/predict/unfinished';

const STDOUT = '-';

export async function predict(context: CommandContext, options: PredictOptions): Promise<number> {
  const isToStdout = options.output === STDOUT;
  if (isToStdout && (options.json || options.resume))
    throw usage(
      '--output - gives the predictions on stdout, which leaves no place for --json and nothing for --resume.',
      'Name a file.',
    );
  const target = inFolder(context, options.output);
  const findings = new FindingCollector();
  const limits = {
    scoreThreshold: readThreshold(options.scoreThreshold),
    maxDetections: wholeNumber(options.maxDetections, '--max-detections', 1),
  };
  const shard = readShard(options.shard);
  const batch = options.batch === undefined ? null : wholeNumber(options.batch, '--batch', 1);
  const threads = options.threads === undefined ? null : wholeNumber(options.threads, '--threads', 1);
  const overrides = readOverrides(options);

  const truth = await readTruth(context, options, findings);
  const labelMap = options.labelMap === undefined ? null : inFolder(context, options.labelMap);
  const names = truth?.categories.map(({ name }) => name) ?? null;
  const model = await understandFile(inFolder(context, options.model), labelMap, names, overrides);
  const images = await imagesToRun(inFolder(context, options.images), truth, shard, findings);

  const place = isToStdout ? path.join(tmpdir(), `reticle-predictions-${process.pid}`) : target;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([await hashModel(model.file), model.plan, limits, options.backend, batch]))
    .update(imagesFingerprint(images))
    .digest('hex');
  const unfinished = openUnfinished(place, fingerprint, options.resume === true);
  const request: SessionRequest = {
    model: model.file.given,
    backend: options.backend,
    threads,
    dataFolder: context.dataFolder,
    plan: unfinished.plan ?? model.plan,
    isSettled: unfinished.plan !== null,
    limits,
    batch,
  };
  const { opened, plan } = await runAll(context, request, images, unfinished, findings, isToStdout);
  const records = new Records(images, unfinished.path, plan, model, truth, findings);
  if (isToStdout) for (const piece of records.pieces()) process.stdout.write(piece);
  else await writeFileWhole(target, records.pieces());
  unfinished.remove();
  return report(context, options, {
    records,
    opened,
    plan,
    images: images.length,
    findings: findings.list(),
  });
}

async function readTruth(
  context: CommandContext,
  options: PredictOptions,
  findings: FindingCollector,
): Promise<Truth | null> {
  if (options.truth === undefined) return null;
  const loaded = await loadTruth(inFolder(context, options.truth), { subset: options.subset ?? null });
  findings.addAll(loaded.findings);
  return loaded.truth;
}

function openUnfinished(output: string, fingerprint: string, isResumed: boolean): Unfinished {
  const file = unfinishedPath(output);
  if (isResumed && existsSync(file)) return Unfinished.resume(file, fingerprint);
  if (isResumed && existsSync(output))
    throw new BadInput('nothing-to-resume', `${output} is finished.`, 'Leave --resume out to run again.', {
      file: output,
    });
  if (existsSync(file))
    process.stderr.write(
      `reticle: an unfinished run (${file}) is started again; --resume would have gone on.\n`,
    );
  return Unfinished.start(file, fingerprint);
}

/** Runs what is not done yet; the finished images are on disk whatever ends it, unless nothing is to go on with them. */
async function runAll(
  context: CommandContext,
  request: SessionRequest,
  images: readonly RunImage[],
  unfinished: Unfinished,
  findings: FindingCollector,
  isForgotten: boolean,
): Promise<{ opened: OpenedModel; plan: ModelPlan }> {
  const waiting = images
    .map(({ file }, key) => ({ key, file }))
    .filter(({ key }) => !unfinished.done.has(key));
  let { plan } = request;
  let opened: OpenedModel = { backend: 'onnx', device: '', fallback: null };
  const take = (event: ImageEvent): void => {
    switch (event.kind) {
      case 'results':
        for (const result of event.results) unfinished.add(lineOf(result));
        break;
      case 'failed':
        unfinished.add({ image: event.key, failed: event.code, reason: event.reason });
        break;
      case 'settled':
        plan = event.plan;
        unfinished.settle(plan);
        break;
      case 'single':
        findings.add(
          'batch-not-possible',
          'info',
          `The model does not take several images at once, so they are run one by one: ${event.reason}`,
        );
    }
  };
  // A cancel ends the process at once: what is finished is written first.
  const keep = (): void => (isForgotten ? unfinished.remove() : unfinished.commit());
  process.once('exit', keep);
  let isRun = false;
  try {
    await runImages({
      start: context.startModel,
      request,
      images: waiting,
      progress: progressOnStderr({ cancelled: false }),
      stage: 'Running the model',
      isKept: true,
      opened: (model) => {
        opened = model;
        if (model.fallback !== null) process.stderr.write(`reticle: ${model.fallback}\n`);
      },
      take,
    });
    isRun = true;
  } finally {
    process.off('exit', keep);
    unfinished.close();
    if (!isRun && (isForgotten || !unfinished.hasImages)) unfinished.remove();
  }
  return { opened, plan };
}

/** COCO results, image by image, read back from what was committed. */
class Records {
  readonly #images: readonly RunImage[];
  readonly #source: string;
  readonly #ids: ReturnType<typeof classIds>;
  readonly #findings: FindingCollector;
  readonly #largestId: number;
  written = 0;

  constructor(
    images: readonly RunImage[],
    source: string,
    plan: ModelPlan,
    { labelMap }: UnderstoodModel,
    truth: Truth | null,
    findings: FindingCollector,
  ) {
    this.#images = images;
    this.#source = source;
    this.#findings = findings;
    this.#ids = classIds(plan, labelMap, truth?.categories ?? null);
    this.#largestId = Math.max(0, ...(truth?.categories ?? labelMap ?? []).map(({ id }) => id));
    for (const name of this.#ids.missing)
      findings.add(
        'class-not-in-truth',
        'warning',
        `The ground truth has no class “${name}”; its predictions are left out.`,
      );
  }

  *pieces(): Generator<string> {
    yield '[';
    for (const line of imageLines(this.#source)) {
      const { name, id } = this.#images[line.image]!;
      if ('failed' in line) {
        this.#findings.add(line.failed, 'warning', `The image was left out: ${line.reason}.`, {
          image: name,
        });
        continue;
      }
      for (const [x, y, width, height, score, classIndex] of line.boxes) {
        const category = this.#ids.idOf(classIndex!);
        if (category === null) continue;
        this.#checkClass(category, name);
        const record = {
          image_id: id,
          category_id: category,
          bbox: [x, y, width, height],
          score,
          file_name: name,
        };
        yield `${this.written++ === 0 ? '' : ','}\n${JSON.stringify(record)}`;
      }
    }
    yield this.written === 0 ? ']\n' : '\n]\n';
  }

  #checkClass(category: number, image: string): void {
    if (this.#largestId > 0 && category > this.#largestId)
      this.#findings.add(
        'class-number-unknown',
        'warning',
        `The model gives class ${category}, and the classes known here end at ${this.#largestId}.`,
        { image },
      );
  }
}

interface Report {
  readonly records: Records;
  readonly opened: OpenedModel;
  readonly plan: ModelPlan;
  readonly images: number;
  readonly findings: readonly Finding[];
}

function report(
  context: CommandContext,
  options: PredictOptions,
  { records, opened, plan, images, findings }: Report,
): Promise<number> {
  const document = {
    images,
    predictions: records.written,
    backend: opened.backend,
    device: opened.device,
    fallback: opened.fallback,
    decoder: { name: plan.decoder.name, assumed: plan.assumed },
    findings,
  };
  const { json, failOn } = options;
  const output = { ...(json ? { json } : {}), ...(failOn ? { failOn } : {}) };
  tellFindings(output, findings);
  return printDocument(context, output, document, () => {
    if (options.output === STDOUT) return '';
    const assumed = plan.assumed.map((sentence) => `  assumed: ${sentence}\n`).join('');
    return `${images} images, ${records.written} predictions in ${options.output}\n  ${opened.backend} on ${opened.device}; decoder ${plan.decoder.name}\n${assumed}`;
  });
}
