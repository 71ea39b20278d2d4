/** Generated truths with the predictions of an imagined detector, to plant label errors into. */
import { Random } from '../foundation/random';
import type { ScoringInput } from '../metrics/evaluation';
import { scene, type ScenePrediction, type SceneTruth } from '../metrics/scene.fixture';

export interface Detector {
  readonly images: number;
  readonly width: number;
  readonly height: number;
  /** How common each class is, as parts of the whole. */
  readonly classes: readonly number[];
  /** Share of objects that it finds. */
  readonly found: number;
  /** Deviation of its edges, in parts of the box's sides. */
  readonly looseness: number;
  /** Mean of the logit of the confidence of finds, and of inventions. */
  readonly confidence: readonly [found: number, invented: number];
  /** Share of finds that get another class. */
  readonly confused: number;
  /** Inventions an image. */
  readonly invented: number;
  /** Share of finds reported a second time. */
  readonly repeated: number;
}

export const STRONG_DETECTOR: Detector = {
  images: 160,
  width: 640,
  height: 480,
  classes: [0.54, 0.23, 0.12, 0.11],
  found: 0.96,
  looseness: 0.05,
  confidence: [4.2, 0.9],
  confused: 0.03,
  invented: 0.9,
  repeated: 0.06,
};

export const WEAK_DETECTOR: Detector = {
  images: 120,
  width: 1920,
  height: 1080,
  classes: [0.33, 0.18, 0.15, 0.11, 0.07, 0.05, 0.03, 0.08],
  found: 0.8,
  looseness: 0.12,
  confidence: [3, 0.5],
  confused: 0.08,
  invented: 3,
  repeated: 0.1,
};

export function detect(detector: Detector, seed: number): ScoringInput {
  const random = new Random(seed);
  const truth: SceneTruth[] = [];
  const predictions: ScenePrediction[] = [];
  for (let image = 0; image < detector.images; image++) {
    const objects = random.unit() < 0.1 ? 0 : 1 + random.below(9);
    for (let index = 0; index < objects; index++) {
      const category = drawClass(detector, random);
      const box = drawBox(detector, random);
      truth.push({ image, category, box });
      predictions.push(...findings(detector, random, { image, category, box }));
    }
    for (let index = 0; index < detector.invented * 2; index++) {
      if (random.unit() < 0.5)
        predictions.push({
          image,
          category: drawClass(detector, random),
          box: drawBox(detector, random),
          score: confidence(random, detector.confidence[1], 1.6),
        });
    }
  }
  const images = Array.from({ length: detector.images }, (_, index) => index + 1);
  return scene({ images, categories: detector.classes.length, truth, predictions });
}

function findings(
  detector: Detector,
  random: Random,
  object: { readonly image: number; readonly category: number; readonly box: Box },
): ScenePrediction[] {
  if (random.unit() > detector.found) return [];
  const isConfused = random.unit() < detector.confused;
  const category = isConfused
    ? (object.category + 1 + random.below(detector.classes.length - 1)) % detector.classes.length
    : object.category;
  const [x, y, width, height] = object.box;
  const off = (side: number): number => random.normal() * detector.looseness * side;
  const found = (scale: number): ScenePrediction => ({
    image: object.image,
    category,
    box: [
      x + off(width) * scale,
      y + off(height) * scale,
      width * Math.exp(random.normal() * detector.looseness * scale),
      height * Math.exp(random.normal() * detector.looseness * scale),
    ],
    score: confidence(random, detector.confidence[0] / scale, 1.8),
  });
  return random.unit() < detector.repeated ? [found(1), found(2)] : [found(1)];
}

type Box = readonly [number, number, number, number];

function confidence(random: Random, mean: number, deviation: number): number {
  return 1 / (1 + Math.exp(-(mean + deviation * random.normal())));
}

function drawClass({ classes }: Detector, random: Random): number {
  let left = random.unit() * classes.reduce((sum, share) => sum + share, 0);
  for (let klass = 0; klass < classes.length; klass++) {
    left -= classes[klass]!;
    if (left < 0) return klass;
  }
  return classes.length - 1;
}

function drawBox({ width, height }: Detector, random: Random): Box {
  const size = Math.exp(random.between(Math.log(8), Math.log(240)));
  const stretch = Math.exp(random.normal() * 0.35);
  const w = Math.min(width, size * stretch);
  const h = Math.min(height, size / stretch);
  return [random.unit() * (width - w), random.unit() * (height - h), w, h];
}
