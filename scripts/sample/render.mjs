// Renders blood-smear-like images with exact ground truth. Light passes through stain, so cells multiply the
// background by a tint (overlaps get darker, as under a microscope).

export const WIDTH = 640;
export const HEIGHT = 480;
export const CLASSES = [
  { id: 1, name: 'red cell' },
  { id: 2, name: 'white cell' },
  { id: 3, name: 'platelet' },
];

/**
 * A closed outline r(angle) = radius * (1 + waves), squashed into an ellipse and turned.
 * @returns {{x: number, y: number, radius: number, reach: number, at(dx: number, dy: number): number,
 *   box: [number, number, number, number]}} `at`: distance from the centre as a share of the outline's (1 on it)
 */
function createOutline(random, x, y, radius, roughness) {
  const squash = random.between(0.86, 1);
  const turn = random.between(0, Math.PI);
  const waves = [2, 3, 5].map((k) => ({
    k,
    size: roughness * random.normal(),
    phase: random.between(0, 6.283),
  }));
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const radiusAt = (angle) =>
    waves.reduce((r, w) => r + radius * w.size * Math.cos(w.k * angle + w.phase), radius);
  let left = Infinity,
    top = Infinity,
    right = -Infinity,
    bottom = -Infinity;
  for (let i = 0; i < 720; i++) {
    const angle = (i / 720) * 2 * Math.PI;
    const r = radiusAt(angle);
    const u = r * Math.cos(angle);
    const v = r * Math.sin(angle) * squash;
    const px = x + u * cos - v * sin;
    const py = y + u * sin + v * cos;
    left = Math.min(left, px);
    right = Math.max(right, px);
    top = Math.min(top, py);
    bottom = Math.max(bottom, py);
  }
  return {
    x,
    y,
    radius,
    reach: Math.max(right - x, x - left, bottom - y, y - top) + 3,
    at: (dx, dy) => {
      const u = dx * cos + dy * sin;
      const v = (-dx * sin + dy * cos) / squash;
      return Math.hypot(u, v) / radiusAt(Math.atan2(v, u));
    },
    box: [left, top, right - left, bottom - top],
  };
}

const smooth = (low, high, value) => {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
};

/** Multiplies the pixels inside an outline by a tint that may change from centre (0) to rim (1). */
function stain(pixels, outline, strength, tintAt) {
  const soft = 1.6 / outline.radius;
  for (
    let y = Math.max(0, Math.floor(outline.y - outline.reach));
    y < Math.min(HEIGHT, outline.y + outline.reach);
    y++
  ) {
    for (
      let x = Math.max(0, Math.floor(outline.x - outline.reach));
      x < Math.min(WIDTH, outline.x + outline.reach);
      x++
    ) {
      const r = outline.at(x + 0.5 - outline.x, y + 0.5 - outline.y);
      if (r > 1 + soft) continue;
      const alpha = strength * (1 - smooth(1 - soft, 1 + soft, r));
      const tint = tintAt(r);
      const p = (y * WIDTH + x) * 3;
      for (let c = 0; c < 3; c++) pixels[p + c] *= 1 - alpha * (1 - tint[c]);
    }
  }
}

function drawRedCell(pixels, random, cell) {
  const pallor = random.between(0.35, 0.85);
  const rim = [0.93, 0.68, 0.67];
  const centre = rim.map((v) => v + (1 - v) * pallor * 0.8);
  stain(pixels, cell.outline, cell.strength, (r) => {
    const t = smooth(0.15, 0.75, r);
    return rim.map((v, c) => centre[c] + (v - centre[c]) * t);
  });
}

function drawWhiteCell(pixels, random, cell) {
  stain(pixels, cell.outline, 0.9, () => [0.85, 0.79, 0.92]);
  const lobes = 1 + Math.floor(random.between(0, 4));
  const size = cell.outline.radius * (lobes === 1 ? 0.68 : random.between(0.36, 0.46));
  const start = random.between(0, 6.283);
  for (let i = 0; i < lobes; i++) {
    const away = lobes === 1 ? cell.outline.radius * 0.12 : cell.outline.radius * 0.42;
    const angle = start + i * (lobes === 4 ? 1.35 : 1.7);
    const lobe = createOutline(
      random,
      cell.outline.x + away * Math.cos(angle),
      cell.outline.y + away * Math.sin(angle),
      size,
      0.05,
    );
    stain(pixels, lobe, 0.92, () => [0.52, 0.36, 0.72]);
  }
}

function drawPlatelet(pixels, random, cell) {
  stain(pixels, cell.outline, cell.strength, (r) => [0.66 + 0.14 * r, 0.52 + 0.16 * r, 0.8 + 0.08 * r]);
}

/** Evenly lit glass, darker towards the corners, with a slow drift of colour. */
function drawBackground(random) {
  const pixels = new Float32Array(WIDTH * HEIGHT * 3);
  const colour = [random.between(226, 238), random.between(214, 228), random.between(208, 224)];
  const vignette = random.between(0.04, 0.2);
  const tilt = [random.between(-0.05, 0.05), random.between(-0.05, 0.05)];
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const u = x / WIDTH - 0.5;
      const v = y / HEIGHT - 0.5;
      const light = 1 - vignette * (u * u + v * v) * 2 + tilt[0] * u + tilt[1] * v;
      const p = (y * WIDTH + x) * 3;
      for (let c = 0; c < 3; c++) pixels[p + c] = colour[c] * light;
    }
  }
  return pixels;
}

function clipBox([x, y, width, height]) {
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  const right = Math.min(WIDTH, x + width);
  const bottom = Math.min(HEIGHT, y + height);
  return [left, top, right - left, bottom - top].map((v) => Math.round(v * 100) / 100);
}

/** Places cells so that they touch and overlap now and then, as in a smear, but do not hide one another. */
function placeCells(random) {
  const cells = [];
  const place = (classId, radius, roughness, overlap, strength) => {
    for (let attempt = 0; attempt < 40; attempt++) {
      const x = random.between(-0.2 * radius, WIDTH + 0.2 * radius);
      const y = random.between(-0.2 * radius, HEIGHT + 0.2 * radius);
      const near = cells.some(
        (c) => Math.hypot(c.outline.x - x, c.outline.y - y) < (c.outline.radius + radius) * overlap,
      );
      if (near) continue;
      cells.push({ classId, strength, outline: createOutline(random, x, y, radius, roughness) });
      return;
    }
  };
  const whites = random.next() < 0.72 ? 1 : random.next() < 0.5 ? 2 : 0;
  for (let i = 0; i < whites; i++) place(2, random.between(46, 64), 0.03, 1.02, 1);
  const reds = Math.round(random.between(7, 19));
  const size = random.between(27, 35);
  for (let i = 0; i < reds; i++) {
    const isFaint = random.next() < 0.12;
    place(
      1,
      size * random.between(0.86, 1.12),
      0.018,
      random.next() < 0.3 ? 0.8 : 0.98,
      isFaint ? random.between(0.25, 0.45) : random.between(0.75, 1),
    );
  }
  const platelets = random.next() < 0.55 ? Math.round(random.between(1, 3.4)) : 0;
  for (let i = 0; i < platelets; i++) place(3, random.between(6.5, 11), 0.07, 1.05, random.between(0.55, 1));
  return cells;
}

function blur(pixels, amount) {
  if (amount < 0.3) return;
  const side = amount * 0.5;
  const total = 1 + 2 * side;
  const line = new Float32Array(Math.max(WIDTH, HEIGHT));
  const pass = (count, length, start, step) => {
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < 3; c++) {
        const base = start(i) + c;
        for (let k = 0; k < length; k++) line[k] = pixels[base + k * step];
        for (let k = 0; k < length; k++) {
          const before = line[k === 0 ? 0 : k - 1];
          const after = line[k === length - 1 ? k : k + 1];
          pixels[base + k * step] = (line[k] + side * (before + after)) / total;
        }
      }
    }
  };
  for (let round = 0; round < 3; round++) {
    pass(HEIGHT, WIDTH, (y) => y * WIDTH * 3, 3);
    pass(WIDTH, HEIGHT, (x) => x * 3, WIDTH * 3);
  }
}

/**
 * One image.
 * @returns {{pixels: Uint8Array, objects: {classId: number, box: [number, number, number, number]}[]}} RGB, row by row;
 *   boxes x, y, width, height in pixels, clipped to the image
 */
export function renderSmear(random) {
  const pixels = drawBackground(random);
  const cells = placeCells(random);
  const draw = { 1: drawRedCell, 2: drawWhiteCell, 3: drawPlatelet };
  for (const cell of cells) draw[cell.classId](pixels, random, cell);
  blur(pixels, random.next() < 0.15 ? random.between(1.6, 2.2) : random.between(0.4, 1));
  const noise = random.between(1.5, 4);
  const bytes = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i++)
    bytes[i] = Math.min(255, Math.max(0, Math.round(pixels[i] + noise * random.normal())));
  const objects = cells
    .map((cell) => ({ classId: cell.classId, box: clipBox(cell.outline.box) }))
    .filter(({ box: [, , width, height] }) => width >= 4 && height >= 4);
  return { pixels: bytes, objects };
}
