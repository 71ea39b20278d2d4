/** Clean datasets shaped like COCO: many image sizes, uneven classes, a detector that errs as detectors do. */
import type { DataFiles, TruthFile } from './data-files.fixture';
import { randomOf } from './data-files.fixture';

export interface CleanShape {
  readonly images: number;
  readonly classes: number;
  /** Objects an image, on average. */
  readonly objects: number;
  /** Predictions an image that mean nothing. */
  readonly clutter: number;
  /** How far boxes are off, in parts of their sides. */
  readonly looseness: number;
  /** Share of objects that are found. */
  readonly found: number;
}

const SIZES = [
  [640, 480],
  [480, 640],
  [640, 427],
  [500, 375],
  [640, 640],
] as const;

const FOLDERS = ['north', 'south', 'east'] as const;

export function cleanSet(seed: number, shape: CleanShape): DataFiles {
  const random = randomOf(seed);
  const normal = (): number => (random() + random() + random() + random() - 2) * 1.7;
  const categories = Array.from({ length: shape.classes }, (_, index) => ({
    id: index + 1,
    name: nameOf(index),
  }));
  const anyClass = (): number => 1 + Math.floor(shape.classes * random() ** 2);
  const images: TruthFile['images'] = [];
  const annotations: TruthFile['annotations'] = [];
  const predictions: DataFiles['predictions'] = [];
  for (let at = 0; at < shape.images; at++) {
    const [width, height] = SIZES[Math.floor(random() * SIZES.length)]!;
    const id = 1000 + at * 7;
    const folder = FOLDERS[Math.floor(random() * FOLDERS.length)]!;
    images.push({ id, file_name: `${folder}/Shot_${String(at).padStart(5, '0')}.jpg`, width, height });
    const count = Math.max(at < 2 ? 2 : 0, Math.round(shape.objects * (0.4 + random() * 1.2)));
    for (let object = 0; object < count; object++) {
      const w = Math.min(width * 0.9, Math.exp(4.2 + normal() * 0.7));
      const h = Math.min(height * 0.9, Math.exp(4.1 + normal() * 0.7));
      const bbox: [number, number, number, number] = [random() * (width - w), random() * (height - h), w, h];
      const category_id = anyClass();
      const area = w * h * (0.5 + 0.4 * random());
      annotations.push({
        id: annotations.length + 1,
        image_id: id,
        category_id,
        bbox,
        area,
        iscrowd: random() < 0.005 ? 1 : 0,
      });
      if (random() > shape.found) continue;
      const tries = random() < 0.06 ? 2 : 1;
      for (let attempt = 0; attempt < tries; attempt++) {
        const loose = shape.looseness * (attempt + 1);
        predictions.push({
          image_id: id,
          category_id: random() < 0.9 ? category_id : anyClass(),
          bbox: [
            bbox[0] + w * normal() * loose,
            bbox[1] + h * normal() * loose,
            w * Math.max(0.3, 1 + normal() * loose),
            h * Math.max(0.3, 1 + normal() * loose),
          ],
          score: Math.max(0.002, Math.min(0.999, (0.75 + normal() * 0.25) / (attempt + 1))),
        });
      }
    }
    for (let extra = 0; extra < shape.clutter; extra++) {
      const w = Math.exp(3.9 + normal() * 0.8);
      const h = Math.exp(3.9 + normal() * 0.8);
      predictions.push({
        image_id: id,
        category_id: anyClass(),
        bbox: [random() * (width - w * 0.8), random() * (height - h * 0.8), w, h],
        score: 0.001 + random() ** 4 * 0.6,
      });
    }
  }
  return { truth: { images, annotations, categories }, predictions };
}

const SYLLABLES = ['ba', 'ko', 'ri', 'tu', 'le', 'na', 'mo', 'si', 'ga', 'fe'];

/** Names that differ by more than a letter. */
function nameOf(index: number): string {
  const digits = [index % 10, Math.floor(index / 10) % 10];
  return `${SYLLABLES[digits[0]!]!}${SYLLABLES[(digits[1]! + 3) % 10]!}${SYLLABLES[digits[0]!]!}`;
}

/** Large and small, of one class and many, of weak detectors and good ones. */
export const CLEAN_SHAPES: readonly CleanShape[] = [
  { images: 120, classes: 20, objects: 7, clutter: 25, looseness: 0.05, found: 0.85 },
  { images: 60, classes: 3, objects: 10, clutter: 40, looseness: 0.07, found: 0.9 },
  { images: 40, classes: 1, objects: 3, clutter: 2, looseness: 0.1, found: 0.7 },
  { images: 8, classes: 2, objects: 4, clutter: 5, looseness: 0.08, found: 0.8 },
  { images: 200, classes: 80, objects: 7, clutter: 15, looseness: 0.06, found: 0.75 },
  { images: 50, classes: 5, objects: 5, clutter: 0, looseness: 0.15, found: 0.6 },
  { images: 3, classes: 2, objects: 3, clutter: 3, looseness: 0.06, found: 0.9 },
];
