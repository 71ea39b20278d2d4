// Plants label errors of four kinds into exact ground truth, and says which.
import { CLASSES, HEIGHT, WIDTH } from './render.mjs';

const KINDS = ['missing', 'extra', 'wrong class', 'shifted'];
const round = (value) => Math.round(value * 100) / 100;

/** Moves along one axis by a share of the size, the other way where the edge of the image is too near. */
function shiftStart(start, length, limit, random, low, high) {
  const by = length * random.between(low, high) * (random.next() < 0.5 ? -1 : 1);
  return start + by < 0 || start + by + length > limit ? start - by : start + by;
}

function shiftBox([x, y, width, height], random) {
  const left = shiftStart(x, width, WIDTH, random, 0.22, 0.34);
  const top = shiftStart(y, height, HEIGHT, random, 0.18, 0.3);
  return [left, top, width, height].map(round);
}

function emptyPlace(objects, random) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const width = random.between(40, 70);
    const height = random.between(40, 70);
    const x = random.between(0, WIDTH - width);
    const y = random.between(0, HEIGHT - height);
    const isFree = objects.every(
      ({ box: [bx, by, bw, bh] }) => bx > x + width || bx + bw < x || by > y + height || by + bh < y,
    );
    if (isFree) return [x, y, width, height].map(round);
  }
  return null;
}

/**
 * @param {{image: number, classId: number, box: number[]}[]} objects exact ground truth
 * @param {number} share of the objects that get an error
 * @returns {{objects: {image: number, classId: number, box: number[], planted?: number}[],
 *   planted: {kind: string, image: number, was: object | null}[]}} `planted` of an object is the index of its error
 */
export function plantLabelErrors(objects, share, random) {
  const result = objects.map((object) => ({ ...object }));
  const planted = [];
  const removed = new Set();
  const wanted = Math.round(objects.length * share);
  for (let n = 0; planted.length < wanted && n < wanted * 10; n++) {
    const kind = KINDS[planted.length % KINDS.length];
    const index = Math.floor(random.next() * objects.length);
    const object = result[index];
    if (removed.has(index) || object.planted !== undefined) continue;
    const was = { classId: object.classId, box: object.box };
    if (kind === 'extra') {
      const box = emptyPlace(
        objects.filter((o) => o.image === object.image),
        random,
      );
      if (!box) continue;
      result.push({ image: object.image, classId: 1, box, planted: planted.length });
      planted.push({ kind, image: object.image, was: null });
      continue;
    }
    if (kind === 'missing') removed.add(index);
    if (kind === 'wrong class')
      object.classId = random.pick(CLASSES.map((c) => c.id).filter((id) => id !== object.classId));
    if (kind === 'shifted') object.box = shiftBox(object.box, random);
    object.planted = planted.length;
    planted.push({ kind, image: object.image, was });
  }
  return { objects: result.filter((_, index) => !removed.has(index)), planted };
}
