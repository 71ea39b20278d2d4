// A network alone, on one input over and over: node bare-runs.mjs RUNTIME MODEL PROVIDER IMAGE IMAGES
// Prints milliseconds an image, by the clock and of the processors, as a line of JSON.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import sharp from 'sharp';

const [runtime, model, provider, image, count] = process.argv.slice(2);
const ort = createRequire(import.meta.url)(runtime);
/** Images a run, where the input's size is fixed and its batch free, as Reticle takes them. */
const BATCH = 8;

/** One input, of the image's size where the model takes any, and the images in it. */
async function anyInput({ inputMetadata: [{ name, type, shape }] }) {
  const { width, height } = await sharp(image).metadata();
  const rank = shape.length;
  const isFixed = shape.slice(-3).every((side) => typeof side === 'number');
  const isPlanar = rank === 3 || shape[1] === 3;
  const sides = isPlanar ? { [rank - 2]: height, [rank - 1]: width } : { 1: height, 2: width };
  const dims = shape.map((side, at) =>
    typeof side === 'number' ? side : (sides[at] ?? (isFixed ? BATCH : 1)),
  );
  const length = dims.reduce((product, side) => product * side, 1);
  const values = type === 'uint8' ? new Uint8Array(length).fill(120) : new Float32Array(length).fill(0.4);
  return { feeds: { [name]: new ort.Tensor(type, values, dims) }, images: rank === 4 ? dims[0] : 1 };
}

// A session as Reticle makes it: a small model leaves one of two cores to decoding.
const leavesCore = provider === 'cpu' && os.availableParallelism() <= 2 && fs.statSync(model).size <= 4e6;
const session = await ort.InferenceSession.create(model, {
  executionProviders: [provider],
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
  ...(leavesCore ? { intraOpNumThreads: 1 } : {}),
});
const { feeds, images } = await anyInput(session);
for (let warm = 0; warm < 3; warm++) await session.run(feeds);
const cpu = process.cpuUsage();
const start = performance.now();
for (let done = 0; done < Number(count); done += images) await session.run(feeds);
const wall = (performance.now() - start) / Number(count);
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ wall, cpu: (user + system) / 1000 / Number(count) }));
