// A classical detector over the pixels: estimate the glass, threshold the stain, take connected components, split
// touching cells at the peaks of the distance to the background. It sees pixels only, never the ground truth, and
// fails as such detectors do: touching cells, faint cells, cytoplasm paler than its nucleus, dark corners.
import { HEIGHT, WIDTH } from './render.mjs';

const SIZE = WIDTH * HEIGHT;

/** Brightness of clear glass by channel: the 90th percentile of the image. */
function estimateGlass(pixels) {
  return [0, 1, 2].map((channel) => {
    const histogram = new Uint32Array(256);
    for (let i = channel; i < pixels.length; i += 3) histogram[pixels[i]]++;
    let left = SIZE * 0.1;
    let value = 255;
    while (left > 0) left -= histogram[value--];
    return value + 1;
  });
}

/** Absorbed share of a channel, averaged over 3 x 3 pixels against noise. */
function absorb(pixels, channel, glass) {
  const raw = new Float32Array(SIZE);
  for (let i = 0; i < SIZE; i++) raw[i] = 1 - pixels[i * 3 + channel] / glass;
  const smooth = new Float32Array(SIZE);
  for (let y = 1; y < HEIGHT - 1; y++) {
    for (let x = 1; x < WIDTH - 1; x++) {
      let sum = 0;
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) sum += raw[(y + dy) * WIDTH + x + dx];
      smooth[y * WIDTH + x] = sum / 9;
    }
  }
  for (let x = 0; x < WIDTH; x++) {
    smooth[x] = smooth[WIDTH + x];
    smooth[SIZE - WIDTH + x] = smooth[SIZE - 2 * WIDTH + x];
  }
  for (let y = 0; y < HEIGHT; y++) {
    smooth[y * WIDTH] = smooth[y * WIDTH + 1];
    smooth[y * WIDTH + WIDTH - 1] = smooth[y * WIDTH + WIDTH - 2];
  }
  return smooth;
}

/** 4-connected components of a mask. */
function findComponents(mask) {
  const label = new Int32Array(SIZE).fill(-1);
  const stack = new Int32Array(SIZE);
  const components = [];
  for (let seed = 0; seed < SIZE; seed++) {
    if (!mask[seed] || label[seed] >= 0) continue;
    const c = {
      index: components.length,
      area: 0,
      left: WIDTH,
      top: HEIGHT,
      right: 0,
      bottom: 0,
      pixels: [],
    };
    let depth = 0;
    stack[depth++] = seed;
    label[seed] = c.index;
    while (depth > 0) {
      const i = stack[--depth];
      const x = i % WIDTH;
      const y = (i - x) / WIDTH;
      c.area++;
      c.pixels.push(i);
      c.left = Math.min(c.left, x);
      c.right = Math.max(c.right, x + 1);
      c.top = Math.min(c.top, y);
      c.bottom = Math.max(c.bottom, y + 1);
      const visit = (j) => {
        if (mask[j] && label[j] < 0) {
          label[j] = c.index;
          stack[depth++] = j;
        }
      };
      if (x > 0) visit(i - 1);
      if (x < WIDTH - 1) visit(i + 1);
      if (y > 0) visit(i - WIDTH);
      if (y < HEIGHT - 1) visit(i + WIDTH);
    }
    components.push(c);
  }
  return components;
}

/** Fills holes (pale centres): what the outside cannot reach is inside. */
function fillHoles(mask) {
  const outside = mask.map((v) => (v ? 0 : 1));
  const filled = mask.slice();
  for (const c of findComponents(outside)) {
    const touchesEdge = c.left === 0 || c.top === 0 || c.right === WIDTH || c.bottom === HEIGHT;
    if (!touchesEdge && c.area < 2600) for (const i of c.pixels) filled[i] = 1;
  }
  return filled;
}

/** Distance to the background in pixels (3-4 chamfer). Beyond the image counts as cell, so that cut cells keep their peak. */
function distanceToBackground(mask) {
  const d = new Float32Array(SIZE);
  for (let i = 0; i < SIZE; i++) d[i] = mask[i] ? 1e6 : 0;
  const relax = (i, x, y, dx, dy, cost) => {
    const nx = x + dx;
    const ny = y + dy;
    if (nx >= 0 && ny >= 0 && nx < WIDTH && ny < HEIGHT) d[i] = Math.min(d[i], d[ny * WIDTH + nx] + cost);
  };
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const i = y * WIDTH + x;
      relax(i, x, y, -1, 0, 1);
      relax(i, x, y, 0, -1, 1);
      relax(i, x, y, -1, -1, 1.35);
      relax(i, x, y, 1, -1, 1.35);
    }
  }
  for (let y = HEIGHT - 1; y >= 0; y--) {
    for (let x = WIDTH - 1; x >= 0; x--) {
      const i = y * WIDTH + x;
      relax(i, x, y, 1, 0, 1);
      relax(i, x, y, 0, 1, 1);
      relax(i, x, y, 1, 1, 1.35);
      relax(i, x, y, -1, 1, 1.35);
    }
  }
  return d;
}

/** Peaks of the distance within a component, the highest first, none within the reach of a higher one. */
function findPeaks(component, distance) {
  const candidates = component.pixels
    .filter((i) => distance[i] >= 11)
    .sort((a, b) => distance[b] - distance[a] || a - b);
  const peaks = [];
  for (const i of candidates) {
    const x = i % WIDTH;
    const y = (i - x) / WIDTH;
    const isNear = peaks.some((p) => Math.hypot(p.x - x, p.y - y) < Math.max(p.r, distance[i]) * 1.05);
    if (!isNear) peaks.push({ x, y, r: distance[i] });
  }
  return peaks;
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const mean = (values, pixels) => pixels.reduce((sum, i) => sum + values[i], 0) / pixels.length;

function clipped(classId, score, left, top, right, bottom) {
  const x = clamp(left, 0, WIDTH);
  const y = clamp(top, 0, HEIGHT);
  return {
    classId,
    score: clamp(score, 0.001, 0.999),
    box: [x, y, clamp(right, 0, WIDTH) - x, clamp(bottom, 0, HEIGHT) - y],
  };
}

/** Nuclei and platelets: what absorbs red light. A white cell's box is guessed from its nucleus. */
function detectPurple(red, threshold) {
  const mask = new Uint8Array(SIZE);
  for (let i = 0; i < SIZE; i++) mask[i] = red[i] > threshold ? 1 : 0;
  const found = [];
  for (const c of findComponents(mask)) {
    if (c.area < 30) continue;
    const width = c.right - c.left;
    const height = c.bottom - c.top;
    const contrast = mean(red, c.pixels);
    const fill = c.area / (width * height);
    if (c.area > 700) {
      const grow = 0.2 * Math.max(width, height);
      const score = clamp(0.35 + contrast * 0.9, 0, 0.98) * clamp(c.area / 2500, 0.4, 1);
      found.push(clipped(2, score, c.left - grow, c.top - grow, c.right + grow, c.bottom + grow));
    } else {
      const isRound = clamp(1 - Math.abs(width - height) / Math.max(width, height), 0, 1);
      found.push(
        clipped(
          3,
          clamp(contrast * 2.2, 0.05, 0.95) * (0.4 + 0.6 * isRound) * clamp(fill + 0.2, 0.3, 1),
          c.left - 1,
          c.top - 1,
          c.right + 1,
          c.bottom + 1,
        ),
      );
    }
  }
  return found;
}

/** Red cells: what absorbs green light and is no white cell. */
function detectRed(green, red, threshold, whites) {
  let mask = new Uint8Array(SIZE);
  for (let i = 0; i < SIZE; i++) mask[i] = green[i] > threshold ? 1 : 0;
  for (const {
    box: [x, y, width, height],
    score,
  } of whites) {
    if (score < 0.3) continue;
    for (let v = Math.floor(y); v < y + height; v++)
      for (let u = Math.floor(x); u < x + width; u++) mask[v * WIDTH + u] = 0;
  }
  mask = fillHoles(mask);
  const distance = distanceToBackground(mask);
  const found = [];
  for (const c of findComponents(mask)) {
    if (c.area < 260) continue;
    const width = c.right - c.left;
    const height = c.bottom - c.top;
    const peaks = findPeaks(c, distance);
    const contrast = clamp(mean(green, c.pixels) * 3.4, 0.1, 1);
    const purple = clamp(mean(red, c.pixels) * 4, 0, 0.6);
    if (peaks.length <= 1) {
      const fill = c.area / (width * height);
      const roundness =
        clamp(1 - 2.2 * Math.abs(fill - 0.785), 0.1, 1) * (Math.min(width, height) / Math.max(width, height));
      found.push(
        clipped(1, contrast * (0.25 + 0.75 * roundness) * (1 - purple), c.left, c.top, c.right, c.bottom),
      );
      continue;
    }
    for (const p of peaks) {
      const r = p.r * 1.12;
      const score = contrast * clamp(p.r / 26, 0.15, 0.85) * (1 - purple);
      found.push(clipped(1, score, p.x - r, p.y - r, p.x + r, p.y + r));
    }
  }
  return found;
}

function intersectionOverUnion(a, b) {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a[2] * a[3] + b[2] * b[3] - width * height);
}

/** Of boxes of one class that overlap much, the best stays. The limit is loose, so some duplicates remain. */
function suppress(found) {
  const kept = [];
  for (const candidate of [...found].sort((a, b) => b.score - a.score)) {
    if (candidate.box[2] < 3 || candidate.box[3] < 3) continue;
    const covered = kept.some(
      (k) => k.classId === candidate.classId && intersectionOverUnion(k.box, candidate.box) > 0.62,
    );
    if (!covered) kept.push(candidate);
  }
  return kept.slice(0, 100);
}

/**
 * Detects over RGB pixels, at three thresholds a kind; the outer ones give the unsure detections at half the score.
 * @param {Uint8Array} pixels
 * @returns {{classId: number, score: number, box: [number, number, number, number]}[]} best first, at most 100
 */
export function detectCells(pixels) {
  const glass = estimateGlass(pixels);
  const red = absorb(pixels, 0, glass[0]);
  const green = absorb(pixels, 1, glass[1]);
  const whites = detectPurple(red, 0.26).filter((f) => f.classId === 2);
  const found = [
    ...detectPurple(red, 0.2),
    ...detectPurple(red, 0.13).map((f) => ({ ...f, score: f.score * 0.5 })),
    ...detectRed(green, red, 0.13, whites),
    ...detectRed(green, red, 0.085, whites).map((f) => ({ ...f, score: f.score * 0.55 })),
    ...detectRed(green, red, 0.2, whites).map((f) => ({ ...f, score: f.score * 0.45 })),
  ];
  return suppress(found).map((f) => ({
    ...f,
    // The evidence above is a product of shares and so runs low; its root puts what is as good as sure above one half.
    score: Math.round(Math.sqrt(f.score) * 10000) / 10000,
    box: f.box.map((v) => Math.round(v * 100) / 100),
  }));
}
