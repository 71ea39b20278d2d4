/** A session's own process: a model, the threads that prepare its images, and the runs, in the order of the images. */
import os from 'node:os';
import { MOST_DECODERS } from '../../../contract/session-environment';
import { BadInput } from '../../../core/foundation/bad-input';
import { decodeRun, settlePlan } from '../../../core/inference/decode';
import type { TensorData } from '../../../core/inference/input-tensor';
import { filledBatch, inputMemory, inputShape } from '../../../core/inference/input-tensor';
import { changedFrame } from '../../../core/inference/change/picture-change';
import type {
  Detections,
  ModelOutputs,
  ModelPlan,
  Placement,
  SizeInput,
} from '../../../core/inference/model';
import { engineWords } from '../engines/engine-words';
import { openSession } from '../engines/open';
import type { Rival } from '../engines/open';
import type { InputTensor, ModelSession } from '../engines/session';
import { openModelFile } from '../model-file';
import { DecoderPool, Undecodable } from './decoder-pool';
import { freeMemory } from './free-memory';
import type { FromSession, ImageResult, SessionImage, SessionRequest, ToSession } from './messages';
import type { PreparedImage } from './prepare-image';
import { whyProcessor } from './trial';

/** Images a run where the model takes any number: the gain is small beyond. */
const USUAL_BATCH = 8;
/** Prepared images that wait for their run, besides those of one batch: no thread stands idle while others finish. */
const aheadFor = (threads: number): number => Math.max(6, 2 * threads);
/** Images from which on it pays to find out which engine is the faster. */
const WORTH_COMPARING = 4;
const ON_CARD = new Set(['tensorflow-gpu', 'cuda', 'directml', 'coreml', 'webgpu']);

/** Where the processor does both, few keep the network fed; a graphics card leaves the cores to decoding. */
function decoderThreads(backend: string): number {
  const cores = os.availableParallelism();
  return Math.max(1, Math.min(ON_CARD.has(backend) ? MOST_DECODERS : 2, cores - 1));
}

/** An image on its way: being prepared, ready, or failed. */
interface Slot {
  readonly key: number;
  image: PreparedImage | null;
  failure: string | null;
}

type ReadySlot = Slot & { readonly image: PreparedImage };

export class SessionHost {
  readonly #post: (message: FromSession) => void;
  readonly #program: string;
  #open: OpenSession | null = null;
  /** Not yet given to a thread, in the order of their coming. */
  readonly #queue: SessionImage[] = [];
  /** Given to a thread and not yet run, in the same order. */
  readonly #ahead: Slot[] = [];
  #isRunning = false;
  #isFlushing = false;

  /** `program`: the file to start as decoding threads. */
  constructor(program: string, post: (message: FromSession) => void) {
    this.#program = program;
    this.#post = post;
  }

  receive(message: ToSession): void {
    if (message.kind === 'open') {
      this.#start(message.request).catch((error: unknown) => this.#refuse(error));
      return;
    }
    if (message.kind === 'images') this.#queue.push(...message.images);
    this.#isFlushing = message.kind === 'flush';
    this.#advance();
  }

  async #start(request: SessionRequest): Promise<void> {
    const { backend, threads, dataFolder, plan, isSettled, picture = null } = request;
    const file = await openModelFile(request.model);
    const { session, fallback, rival } = await openSession(file, { backend, threads, dataFolder });
    const decoders = decoderThreads(session.backend);
    const pool = new DecoderPool(this.#program, decoders, { input: plan.input, picture });
    this.#open = {
      ...{ request, session, rival, pool, plan, isSettled },
      batch: batchSize(request),
      fillsBatches: ON_CARD.has(session.backend),
      memory: null,
      ahead: aheadFor(decoders),
      hasSucceeded: false,
    };
    this.#post({ kind: 'opened', opened: { backend: session.backend, device: session.device, fallback } });
    this.#advance();
  }

  #advance(): void {
    if (this.#open === null) return;
    this.#refill(this.#open);
    if (!this.#isRunning) void this.#runReady(this.#open);
  }

  /** Keeps the threads busy. */
  #refill({ pool, batch, ahead }: OpenSession): void {
    while (this.#queue.length > 0 && this.#ahead.length < batch + ahead)
      this.#prepare(pool, this.#queue.shift()!);
  }

  #prepare(pool: DecoderPool, { key, file }: SessionImage): void {
    const slot: Slot = { key, image: null, failure: null };
    this.#ahead.push(slot);
    pool
      .prepare(file)
      .then(
        (image) => {
          slot.image = image;
        },
        (error: unknown) => {
          if (!(error instanceof Undecodable)) throw error;
          slot.failure = error.message;
        },
      )
      .then(() => this.#advance())
      .catch((error: unknown) => this.#refuse(error));
  }

  /** Runs batch after batch while images are ready, so that the order of runs is that of the images. */
  async #runReady(open: OpenSession): Promise<void> {
    this.#isRunning = true;
    try {
      for (let batch = this.#takeBatch(open); batch !== null; batch = this.#takeBatch(open)) {
        this.#refill(open);
        if (batch.length > 0) await this.#run(open, batch);
        // Threads' answers and new images come in between runs, which block this thread.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.#isRunning = false;
    }
  }

  /** The next images to run together; empty where one only had to be told of; null where it is too early. */
  #takeBatch({ batch }: OpenSession): ReadySlot[] | null {
    const first = this.#ahead[0];
    if (first?.failure !== undefined && first.failure !== null) {
      this.#ahead.shift();
      this.#post({ kind: 'failed', key: first.key, code: 'image-undecodable', reason: first.failure });
      return [];
    }
    const chosen: ReadySlot[] = [];
    for (const slot of this.#ahead) {
      if (slot.failure !== null) break;
      if (slot.image === null) {
        // More may join: wait for it.
        if (chosen.length < batch) return null;
        break;
      }
      if (chosen.length === batch || !isAlike(slot.image, chosen[0]?.image)) break;
      chosen.push(slot as ReadySlot);
    }
    const isShort = chosen.length === this.#ahead.length && chosen.length < batch;
    if (chosen.length === 0 || (isShort && (this.#queue.length > 0 || !this.#isFlushing))) return null;
    this.#ahead.splice(0, chosen.length);
    return chosen;
  }

  async #run(open: OpenSession, slots: readonly ReadySlot[]): Promise<void> {
    let outputs: ModelOutputs;
    try {
      if (open.rival !== null && this.#isWorthComparing(slots)) await this.#compare(open, slots, open.rival);
      outputs = await open.session.run(inputsOf(open, slots));
    } catch (error) {
      await this.#runFailed(open, slots, error);
      return;
    }
    if (!open.isSettled) {
      open.isSettled = true;
      const settled = settlePlan(open.plan, outputs);
      if (settled !== open.plan) {
        open.plan = settled;
        this.#post({ kind: 'settled', plan: settled });
      }
    }
    for (const { image } of slots) freeMemory(image.data);
    const placements = slots.map(({ image }) => image.placement);
    const detections = decodeRun(open.plan, outputs, placements, open.request.limits);
    const results = slots.map(({ key, image: { width, height } }, index): ImageResult => ({
      key,
      width,
      height,
      ...inUnchanged(detections[index]!, open.request, width, height),
    }));
    open.hasSucceeded = true;
    this.#post({ kind: 'results', results });
  }

  #isWorthComparing(slots: readonly ReadySlot[]): boolean {
    return slots.length + this.#ahead.length + this.#queue.length >= WORTH_COMPARING;
  }

  /**
   * The first images tell whether the processor is the better one. Where it cannot run the model the card goes on; where
   * the card cannot, the run itself says so.
   */
  async #compare(open: OpenSession, slots: readonly ReadySlot[], rival: Rival): Promise<void> {
    open.rival = null;
    const { session } = open;
    const [{ image: first }] = slots as readonly [ReadySlot];
    const detections = (outputs: ModelOutputs): Detections => {
      const plan = open.isSettled ? open.plan : settlePlan(open.plan, outputs);
      return decodeRun(plan, outputs, [first.placement], open.request.limits)[0]!;
    };
    const card = { session, inputs: inputsOf(open, slots), images: slots.length, detections };
    const one = inputsOf({ ...open, fillsBatches: false, memory: null }, slots.slice(0, 1));
    let other: ModelSession | null = null;
    try {
      other = await rival.open();
      const processor = { session: other, inputs: one, images: 1, detections };
      const reason = await whyProcessor(card, processor, Math.max(first.width, first.height));
      if (reason !== null) this.#change(open, other, rival.fallback(reason));
    } catch {
      // As said above.
    }
    await (open.session === other ? session : other)?.close();
  }

  #change(open: OpenSession, session: ModelSession, fallback: string): void {
    open.session = session;
    open.fillsBatches = false;
    const { backend, device } = session;
    this.#post({ kind: 'engine', opened: { backend, device, fallback } });
  }

  /** A batch is tried again image by image; a model that never worked is refused; else the image alone failed. */
  async #runFailed(open: OpenSession, slots: readonly ReadySlot[], error: unknown): Promise<void> {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
    if (slots.length > 1) {
      open.batch = 1;
      this.#post({ kind: 'single', reason });
      for (const slot of slots) await this.#run(open, [slot]);
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
    this.#post({ kind: 'failed', key: slots[0]!.key, code: 'image-failed', reason });
  }

  #refuse(error: unknown): void {
    const isExpected = error instanceof BadInput;
    const message = error instanceof Error ? error.message : String(error);
    if (!isExpected && error instanceof Error) process.stderr.write(`${error.stack ?? message}\n`);
    const { code, where, next } = isExpected ? error : { code: 'fault', where: {}, next: 'Try again.' };
    this.#post({
      kind: 'refused',
      error: { kind: isExpected ? 'bad-input' : 'fault', code, message, where, next },
    });
  }
}

interface OpenSession {
  readonly request: SessionRequest;
  session: ModelSession;
  /** Compared with the session when the first images are ready. */
  rival: Rival | null;
  readonly pool: DecoderPool;
  plan: ModelPlan;
  isSettled: boolean;
  batch: number;
  /** Graphics cards prepare themselves anew for every size of batch, which takes longer than a batch that is not full. */
  fillsBatches: boolean;
  /** Of the last batch, for the next of its size: one that is new has to be cleared and mapped first. */
  memory: TensorData | null;
  readonly ahead: number;
  hasSucceeded: boolean;
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

const isAlike = ({ placement: a }: PreparedImage, first: PreparedImage | undefined): boolean =>
  first === undefined ||
  (a.inputWidth === first.placement.inputWidth && a.inputHeight === first.placement.inputHeight);

function inputsOf(open: OpenSession, slots: readonly ReadySlot[]): InputTensor[] {
  const { input } = open.plan;
  const [{ image: first }] = slots as readonly [ReadySlot];
  const { length } = first.data;
  const batch = filledBatch(input, open.fillsBatches ? open.batch : slots.length);
  let { data } = first;
  if (batch > 1) {
    if (open.memory?.length !== length * batch) open.memory = inputMemory(input.dtype, length * batch);
    data = open.memory;
    for (const [index, { image }] of slots.entries()) data.set(image.data, index * length);
  }
  const shape = inputShape(input, first.placement, batch);
  const tensors: InputTensor[] = [{ name: input.name, dtype: input.dtype, shape, data }];
  for (const size of input.sizes) tensors.push(sizesOf(size, slots, batch));
  if (input.mask) tensors.push(maskOfOnes(input.mask, first.placement, batch));
  return tensors;
}

/** Width and height as a `SizeInput` counts them. */
function sizeOf(holds: SizeInput['holds'], placement: Placement): readonly [number, number] {
  const { imageWidth, imageHeight, inputWidth, inputHeight, scaleX, scaleY } = placement;
  if (holds === 'gain') return [scaleX, scaleY];
  return holds === 'image' ? [imageWidth, imageHeight] : [inputWidth, inputHeight];
}

/** What a further input wants to know of the images, one row an image. */
function sizesOf(
  { name, dtype, holds, order }: SizeInput,
  slots: readonly ReadySlot[],
  batch: number,
): InputTensor {
  const values = Array.from({ length: batch }, (_, at) => slots[Math.min(at, slots.length - 1)]!).flatMap(
    ({ image: { placement } }) => {
      const [width, height] = sizeOf(holds, placement);
      return order === 'width-height' ? [width, height] : [height, width];
    },
  );
  const shape = [batch, 2];
  if (dtype === 'int64') return { name, dtype, shape, data: BigInt64Array.from(values, BigInt) };
  const data = inputMemory(dtype, values.length);
  data.set(values);
  return { name, dtype, shape, data };
}

/** The whole input is image: padding was never part of what it was trained to leave out. */
function maskOfOnes(
  { name, dtype, shape }: NonNullable<ModelPlan['input']['mask']>,
  { inputHeight, inputWidth }: Placement,
  batch: number,
): InputTensor {
  const [, height = null, width = null] = shape ?? [];
  const size = [batch, height ?? inputHeight, width ?? inputWidth];
  const length = size.reduce((product, side) => product * side, 1);
  if (dtype === 'int64') return { name, dtype, shape: size, data: new BigInt64Array(length).fill(1n) };
  const data = dtype === 'bool' ? new Uint8Array(length) : inputMemory(dtype, length);
  return { name, dtype, shape: size, data: data.fill(1) };
}
