// Seeded COCO files for the benchmarks, shaped like val2017 under a detector that keeps low scores: uneven classes, some
// crowds, predictions around the truth and on background, 32-bit scores with five decimals, a file name in each record.
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../scripts/bootstrap/paths.mjs';
import { say } from '../../scripts/bootstrap/console.mjs';

/** Raised when what is written changes. */
const VERSION = 1;

/** @typedef {{ name: string, images: number, classes: number, predictionsPerImage: number }} Shape */

/** @type {Record<string, Shape>} */
export const SHAPES = {
  '10k': { images: 500, classes: 80, predictionsPerImage: 20 },
  '110k': { images: 5000, classes: 80, predictionsPerImage: 18 },
  '735k': { images: 5000, classes: 80, predictionsPerImage: 147 },
  '1M': { images: 8000, classes: 365, predictionsPerImage: 125 },
  '3M': { images: 24_000, classes: 365, predictionsPerImage: 125 },
  '10M': { images: 80_000, classes: 365, predictionsPerImage: 125 },
};

function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The first class has 30 %, the others fall off slowly. */
function classChooser(classes, random) {
  const weights = Array.from({ length: classes }, (_, index) => (index === 0 ? 0 : (index + 2) ** -0.8));
  const rest = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const sums = weights.map((weight, index) => (sum += index === 0 ? 0.3 : (0.7 * weight) / rest));
  return () => {
    const wanted = random();
    let low = 0;
    let high = classes - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    return low + 1;
  };
}

const WIDTH = 640;
const HEIGHT = 480;
const hundredths = (value) => Math.round(value * 100) / 100;
const thousandths = (value) => Math.round(value * 1000) / 1000;
const imageId = (index) => index * 37 + 139;
const fileName = (index) => `${String(index).padStart(12, '0')}.jpg`;

class Writer {
  #handle;
  #text = '';

  constructor(file) {
    this.#handle = fs.openSync(file, 'w');
  }

  write(text) {
    this.#text += text;
    if (this.#text.length > 1 << 20) this.#flush();
  }

  #flush() {
    fs.writeSync(this.#handle, this.#text);
    this.#text = '';
  }

  close() {
    this.#flush();
    fs.closeSync(this.#handle);
  }
}

/** One image's annotations and predictions; random numbers are drawn in one order, so that a shape is one set. */
function drawImage(index, { predictionsPerImage }, random, anyClass) {
  const normal = () => (random() + random() + random() + random() + random() + random() - 3) * 0.7;
  const present = [anyClass(), anyClass(), anyClass()];
  const count = Math.min(60, Math.max(0, Math.round(Math.exp(1.86 + normal()))));
  const annotations = Array.from({ length: count }, () => {
    const width = Math.min(WIDTH, Math.exp(4 + normal() * 1.1));
    const height = Math.min(HEIGHT, Math.exp(4 + normal() * 1.1));
    const box = [random() * (WIDTH - width), random() * (HEIGHT - height), width, height].map(hundredths);
    return { category: present[Math.floor(random() * 3)], box, isCrowd: random() < 0.01 };
  });
  const predictions = [];
  const add = (category, box, score) =>
    predictions.push({ category, box: box.map(thousandths), score: Number(Math.fround(score).toFixed(5)) });
  for (const { category, box } of annotations) {
    const tries = 1 + Math.floor(random() * 4);
    for (let attempt = 0; attempt < tries; attempt++) {
      const spread = Math.abs(normal()) * 0.12;
      const moved = [
        box[0] + box[2] * normal() * spread,
        box[1] + box[3] * normal() * spread,
        box[2] * (1 + normal() * spread),
        box[3] * (1 + normal() * spread),
      ];
      add(
        random() < 0.85 ? category : anyClass(),
        moved,
        Math.max(0.001, random() * (attempt > 0 ? 0.5 : 1)),
      );
    }
  }
  while (predictions.length < predictionsPerImage) {
    const category =
      count > 0 && random() < 0.6 ? annotations[Math.floor(random() * count)].category : anyClass();
    const box = [random() * 500, random() * 400, Math.exp(3.5 + normal()), Math.exp(3.5 + normal())];
    add(category, box, 0.001 + random() * random() * random() * 0.3);
  }
  predictions.sort((a, b) => b.score - a.score);
  return { id: imageId(index), name: fileName(index), annotations, predictions: predictions.slice(0, 300) };
}

function writeFiles(shape, truthFile, predictionsFile) {
  const random = generator(12_345);
  const anyClass = classChooser(shape.classes, random);
  const truth = new Writer(truthFile);
  const predictions = new Writer(predictionsFile);
  const categories = Array.from({ length: shape.classes }, (_, index) => ({
    id: index + 1,
    name: `class ${index + 1}`,
  }));
  const images = Array.from({ length: shape.images }, (_, index) => ({
    id: imageId(index),
    width: WIDTH,
    height: HEIGHT,
    file_name: fileName(index),
  }));
  truth.write(`{"categories":${JSON.stringify(categories)},"images":[`);
  images.forEach((image, index) => truth.write(`${index > 0 ? ',' : ''}${JSON.stringify(image)}`));
  truth.write('],"annotations":[');
  predictions.write('[');
  let annotationId = 0;
  let written = 0;
  for (let index = 0; index < shape.images; index++) {
    const image = drawImage(index, shape, random, anyClass);
    for (const { category, box, isCrowd } of image.annotations) {
      const [x, y, width, height] = box;
      const outline = [x, y, x, y + height, x + width, y + height, x + width, y].map(hundredths);
      const area = hundredths(width * height * 0.7);
      truth.write(
        `${annotationId > 0 ? ',' : ''}{"segmentation":[[${outline}]],"area":${area},"iscrowd":${isCrowd ? 1 : 0},"image_id":${image.id},"bbox":[${box}],"category_id":${category},"id":${++annotationId}}`,
      );
    }
    for (const { category, box, score } of image.predictions) {
      predictions.write(
        `${written++ > 0 ? ', ' : ''}{"image_id": ${image.id}, "file_name": "${image.name}", "category_id": ${category}, "bbox": [${box.join(', ')}], "score": ${score}}`,
      );
    }
  }
  truth.write(']}');
  predictions.write(']');
  truth.close();
  predictions.close();
  return written;
}

/**
 * The files of a shape, made where they are not there yet.
 * @returns {{ name: string, truth: string, predictions: string, count: number, bytes: number }}
 */
export function cocoFiles(name) {
  const shape = SHAPES[name];
  if (!shape) throw new Error(`There is no set ${name}; there are ${Object.keys(SHAPES).join(', ')}.`);
  const folder = path.join(cacheFolder(), 'bench', `coco-${VERSION}-${name}`);
  const [truth, predictions] = [path.join(folder, 'truth.json'), path.join(folder, 'predictions.json')];
  const facts = path.join(folder, 'facts.json');
  if (!fs.existsSync(facts)) {
    say(`data: ${name} ...`);
    fs.mkdirSync(folder, { recursive: true });
    const count = writeFiles(shape, truth, predictions);
    fs.writeFileSync(facts, JSON.stringify({ count }));
  }
  const { count } = JSON.parse(fs.readFileSync(facts, 'utf8'));
  return { name, truth, predictions, count, bytes: fs.statSync(predictions).size };
}
