/**
 * A session's own process: the threads that prepare its images, those that run its model, and between them this one,
 * which hands out the work and reads the boxes from what the runs give.
 */
import os from 'node:os';
import { MOST_DECODERS } from '../../../contract/session-environment';
import { BadInput } from '../../../core/foundation/bad-input';
import { decodeRun, settlePlan } from '../../../core/inference/decode';
import type { TensorData } from '../../../core/inference/input-tensor';
import { filledBatch } from '../../../core/inference/input-tensor';
import { changedFrame } from '../../../core/inference/change/picture-change';
import type { Detections, ModelOutputs, ModelPlan } from '../../../core/inference/model';
import { engineWords } from '../engines/engine-words';
import { DecoderPool } from './decoder-pool';
import { freeMemory } from './free-memory';
import type { ReadySlot } from './image-line';
import { ImageLine } from './image-line';
import type { FromSession, ImageResult, SessionRequest, ToSession } from './messages';
import type { OpenedRunner, Ran } from './run-messages';
import { inputsOf } from './run-inputs';
import { RunFailed, Runner } from './runner';
import { asCallError } from './session-error';

/** Images a run where the model takes any number: the gain is small beyond. */
const USUAL_BATCH = 8;
/** Prepared images that wait for their run, besides those of one batch: no thread stands idle while others finish. */
const aheadFor = (threads: number): number => Math.max(6, 2 * threads);
/** Images from which on it pays to find out which engine is the faster. */
const WORTH_COMPARING = 4;
/** Images from which on it pays to open a small model once more, to run beside the first: that takes as long as some thirty. */
const WORTH_ANOTHER = 48;
/** The processor's runs are no longer than that where their images can be fewer: a pause waits for them. */
const LONG_RUN_MS = 500;
const ON_CARD = new Set(['tensorflow-gpu', 'cuda', 'directml', 'coreml', 'webgpu']);

/** Where the processor does both, few keep the network fed; a graphics card leaves the cores to decoding. */
function decoderThreads(backend: string): number {
  const cores = os.availableParallelism();
  return Math.max(1, Math.min(ON_CARD.has(backend) ? MOST_DECODERS : 2, cores - 1));
}

interface OpenSession {
  readonly request: SessionRequest;
  readonly line: ImageLine;
  readonly runners: Runner[];
  engine: OpenedRunner;
  plan: ModelPlan;
  isSettled: boolean;
  batch: number;
  /** Of batches that were run, for the next ones. */
  readonly spare: TensorData[];
  readonly ahead: number;
  /** Runs that have begun and not ended. */
  running: number;
  hasSucceeded: boolean;
}

export class SessionHost {
  readonly #post: (message: FromSession) => void;
  readonly #program: string;
  #open: OpenSession | null = null;
  /** What came before the model was open. */
  readonly #early: ToSession[] = [];
  #isHeld = false;

  /** `program`: the file to start as threads, which serves decoding and runs. */
  constructor(program: string, post: (message: FromSession) => void) {
    this.#program = program;
    this.#post = post;
  }

  receive(message: ToSession): void {
    if (message.kind === 'open') {
      this.#start(message.request).catch((error: unknown) => this.#refuse(error));
      return;
    }
    if (this.#open === null) {
      this.#early.push(message);
      return;
    }
    const { line } = this.#open;
    if (message.kind === 'images') line.add(message.images);
    if (message.kind === 'hold') this.#isHeld = message.isHeld;
    else line.isFlushing = message.kind === 'flush';
    this.#advance(this.#open);
  }

  async #start(request: SessionRequest): Promise<void> {
    const { model, backend, threads, dataFolder, plan, isSettled, picture = null } = request;
    const { runner, opened: engine } = await Runner.open(this.#program, {
      ...{ model, backend, threads, dataFolder },
    });
    const decoders = decoderThreads(engine.opened.backend);
    const line = new ImageLine({
      pool: new DecoderPool(this.#program, decoders, { input: plan.input, picture }),
      post: this.#post,
      changed: () => this.#advance(open),
      refused: (error) => this.#refuse(error),
    });
    const open: OpenSession = {
      ...{ request, line, runners: [runner], engine, plan, isSettled },
      batch: batchSize(request),
      spare: [],
      ahead: aheadFor(decoders),
      running: 0,
      hasSucceeded: false,
    };
    this.#open = open;
    this.#post({ kind: 'opened', opened: engine.opened });
    for (const message of this.#early.splice(0)) this.receive(message);
    this.#advance(open);
  }

  /** Keeps every thread busy. */
  #advance(open: OpenSession): void {
    if (this.#open !== open) return;
    const { line } = open;
    line.refill(open.batch + open.ahead);
    while (!this.#isHeld) {
      const runner = freeRunner(open);
      const slots = runner === null ? null : line.take(open.batch);
      if (runner === null || slots === null) return;
      line.refill(open.batch + open.ahead);
      this.#run(open, runner, slots).catch((error: unknown) => this.#refuse(error));
    }
  }

  async #run(open: OpenSession, runner: Runner, slots: readonly ReadySlot[]): Promise<void> {
    const ran = await this.#runOrFail(open, runner, slots);
    if (ran !== null) {
      if (ran.memory !== null) takeBack(open, slots, ran.memory);
      // The next run begins before the outputs of this one are read; not the second, as the first may change the plan.
      if (open.hasSucceeded) this.#advance(open);
      this.#succeed(open, slots, ran);
    }
    open.line.tell();
    this.#advance(open);
  }

  /** Null where the run failed, which is seen to. */
  async #runOrFail(open: OpenSession, runner: Runner, slots: readonly ReadySlot[]): Promise<Ran | null> {
    open.running += 1;
    try {
      if (open.engine.hasRival && isWorth(WORTH_COMPARING, open, slots))
        await this.#compare(open, runner, slots);
      return await runner.run(...handedOver(open, slots));
    } catch (error) {
      if (!(error instanceof RunFailed)) throw error;
      this.#fail(open, slots, error);
      return null;
    } finally {
      open.running -= 1;
    }
  }

  #succeed(open: OpenSession, slots: readonly ReadySlot[], { outputs, milliseconds }: Ran): void {
    this.#settle(open, outputs);
    const placements = slots.map(({ image }) => image.placement);
    const detections = decodeRun(open.plan, outputs, placements, open.request.limits);
    for (const [index, slot] of slots.entries()) {
      const { width, height } = slot.image;
      const found = inUnchanged(detections[index]!, open.request, width, height);
      open.line.answer(slot, { key: slot.key, width, height, ...found } satisfies ImageResult);
    }
    if (milliseconds > LONG_RUN_MS && canShrink(open))
      open.batch = Math.max(1, Math.floor((slots.length * LONG_RUN_MS) / milliseconds));
    if (!open.hasSucceeded && isWorth(WORTH_ANOTHER, open, slots)) this.#openMore(open);
    open.hasSucceeded = true;
  }

  #settle(open: OpenSession, outputs: ModelOutputs): void {
    if (open.isSettled) return;
    open.isSettled = true;
    const settled = settlePlan(open.plan, outputs);
    if (settled === open.plan) return;
    open.plan = settled;
    this.#post({ kind: 'settled', plan: settled });
  }

  /** The first images tell whether the processor is the better one. */
  async #compare(open: OpenSession, runner: Runner, slots: readonly ReadySlot[]): Promise<void> {
    const { plan, isSettled, request } = open;
    const images = slots.map(({ image }) => image);
    const better = await runner.compare({
      ...{ plan, isSettled, limits: request.limits, placement: images[0]!.placement },
      batch: { inputs: inputsOf(plan, images, filled(open), null), images: images.length },
      one: inputsOf(plan, images.slice(0, 1), 1, null),
    });
    open.engine = better ?? { ...open.engine, hasRival: false };
    if (better !== null) this.#post({ kind: 'engine', opened: better.opened });
  }

  /** The same engine in threads of their own; each begins when it is ready. The first goes on where there is no more. */
  #openMore(open: OpenSession): void {
    const { engine, request, runners } = open;
    const { model, threads, dataFolder } = request;
    const { backend } = engine.opened;
    for (let more = 1; more < engine.sessions; more++) {
      Runner.open(this.#program, { model, backend, threads, dataFolder }).then(
        ({ runner }) => {
          runners.push(runner);
          this.#advance(open);
        },
        () => undefined,
      );
    }
  }

  /** A batch is tried again image by image; a model that never worked is refused; else the image alone failed. */
  #fail(open: OpenSession, slots: readonly ReadySlot[], { error }: RunFailed): void {
    const reason = error.message.split('\n')[0]!;
    if (slots.length > 1) {
      if (open.batch > 1) this.#post({ kind: 'single', reason });
      open.batch = 1;
      open.line.giveBack(slots);
      return;
    }
    if (!open.hasSucceeded)
      throw error instanceof BadInput
        ? error
        : new BadInput(
            'model-run-failed',
            `The model does not run: ${engineWords(error)}`,
            'Check input size and layout (--input-size, --decoder), or export the model again.',
            { file: open.request.model },
          );
    open.line.answer(slots[0]!, { kind: 'failed', code: 'image-failed', reason });
  }

  #refuse(error: unknown): void {
    this.#open = null;
    const refused = asCallError(error);
    if (refused.kind === 'fault' && error instanceof Error)
      process.stderr.write(`${error.stack ?? error.message}\n`);
    this.#post({ kind: 'refused', error: refused });
  }
}

/** One that takes a run now; until the first has ended well, which may change plan and engine, no second begins. */
function freeRunner({ runners, running, hasSucceeded }: OpenSession): Runner | null {
  if (running > 0 && !hasSucceeded) return null;
  const [least] = runners.toSorted((a, b) => a.load - b.load);
  return least?.isFree ? least : null;
}

const isWorth = (images: number, { line }: OpenSession, slots: readonly ReadySlot[]): boolean =>
  slots.length + line.left >= images;

const isOnCard = ({ engine }: OpenSession): boolean => ON_CARD.has(engine.opened.backend);

/** Graphics cards prepare themselves anew for every size of batch, which takes longer than a batch that is not full. */
const filled = (open: OpenSession): number => (isOnCard(open) ? open.batch : 1);

/** Nobody asked for that size, and fewer images take less time. */
const canShrink = (open: OpenSession): boolean =>
  open.batch > 1 && open.request.batch === null && open.plan.input.batch === null && !isOnCard(open);

/** The arguments of a run. An image alone goes with its memory; a batch is a copy, in memory that comes back. */
function handedOver(open: OpenSession, slots: readonly ReadySlot[]): Parameters<Runner['run']> {
  const images = slots.map(({ image }) => image);
  const isShared = filledBatch(open.plan.input, Math.max(filled(open), images.length)) > 1;
  const inputs = inputsOf(open.plan, images, filled(open), isShared ? (open.spare.pop() ?? null) : null);
  return [inputs, isShared];
}

/** Memory of a batch serves again; that of its images is not needed any more. */
function takeBack({ spare }: OpenSession, slots: readonly ReadySlot[], memory: TensorData): void {
  spare.push(memory);
  for (const { image } of slots) freeMemory(image.data);
}

/** Boxes of a changed image where they lie in the image itself. */
function inUnchanged(
  detections: Detections,
  { picture }: SessionRequest,
  width: number,
  height: number,
): Detections {
  if (!picture) return detections;
  const frame = changedFrame(picture, width, height);
  const box = new Float64Array(detections.box.length);
  for (let at = 0; at < box.length; at += 4) {
    const [x, y, w, h] = detections.box.subarray(at, at + 4) as unknown as [number, number, number, number];
    box.set(frame.toImage([x, y, w, h]), at);
  }
  return { ...detections, box };
}

/** Images of changing input sizes run one by one; so do layouts without a batch. */
function batchSize({ batch, plan: { input } }: SessionRequest): number {
  const most = input.batch ?? Infinity;
  const usual = input.size === null || input.letterbox?.multipleOf ? 1 : USUAL_BATCH;
  return Math.max(1, Math.min(most, batch ?? usual));
}
