/**
 * Objects near the edge of the image that are found less often than like ones near its centre. Only labels of one class
 * and one third of its sizes are compared with each other, and labels cut off by the edge are left out (Mantel and
 * Haenszel 1959): size, class and truncation explain nothing of what remains. Where the model ran again over shifted
 * images, that experiment decides.
 */
import { foundLabels } from '../found-labels';
import { EDGE, MARGIN } from '../measured/measure-change';
import { placeExperiment, type PlaceExperiment } from '../measured/place-experiment';
import type { Rule } from '../rule';
import { scoringInputOf, sizeOf } from '../situation';
import { distanceFromCentre, type ImageSet } from './properties';

const FEWEST = 40;
const LEAST_DIFFERENCE = 0.12;
/** Standard errors. */
const LEAST_Z = 4;
/** Recall that the same objects win at the centre, from which on the place is to blame. */
const LEAST_MOVED = 0.06;

interface Stratum {
  readonly found: [centre: number, edge: number];
  readonly count: [centre: number, edge: number];
}

export const positionBias: Rule = {
  codes: ['position-bias'],
  group: 'D',
  looksFor: 'places in the image where objects are not found',
  weighsRecall: true,
  find(context) {
    const { repaired, sources } = context;
    if (!repaired) return [];
    const rows = wholeLabels(repaired);
    const found = foundLabels(scoringInputOf(repaired), 'own-class');
    const bias = positionBiasOf(repaired, found);
    const experiment = sources.measured ? placeExperiment(sources.measured) : null;
    const verdict = experiment && verdictOf(experiment);
    const isSeen = bias !== null && bias.difference >= LEAST_DIFFERENCE && bias.z >= LEAST_Z;
    if (!bias || verdict === 'refuted' || (!isSeen && verdict !== 'confirmed')) return [];
    const { difference, z } = experiment && verdict === 'confirmed' ? asBias(experiment) : bias;
    const score = context.score(repaired);
    const recall = rows.reduce((sum, row) => sum + found[row]!, 0) / rows.length;
    const gain = score === null ? 0 : (score * (bias.labelsEdge / rows.length) * difference) / recall;
    const central = sources.train && centralShare(sources.train);
    const training =
      central === null ? '' : `; ${Math.round(central * 100)} % of training objects are central`;
    return [
      {
        code: 'position-bias',
        title: titleOf(bias, experiment && verdict === 'confirmed' ? experiment : null) + training,
        evidence: {
          recallEdge: bias.edge,
          recallCentre: bias.centre,
          labelsEdge: bias.labelsEdge,
          labelsCentre: bias.labelsCentre,
          z: bias.z,
          trainingCentral: central,
          ...(experiment ? { experiment: { ...experiment, verdict } } : {}),
        },
        images: missedImages(repaired, rows, found),
        action: 'Train with objects in all places: random crops, shifts and padding; then measure again',
        repair: null,
        price:
          gain > 0
            ? {
                gain,
                interval: [gain * Math.max(0, 1 - 2 / z), gain * (1 + 2 / z)],
                confidence: verdict === 'confirmed' ? 'measured' : 'estimated',
              }
            : null,
      },
    ];
  },
};

/** What the experiment says of the bias; `open` where it moved too few objects to tell. */
function verdictOf({ difference, standardError }: PlaceExperiment): 'confirmed' | 'refuted' | 'open' {
  if (difference >= LEAST_MOVED && difference >= LEAST_Z * standardError) return 'confirmed';
  return difference + 2 * standardError < LEAST_MOVED ? 'refuted' : 'open';
}

const asBias = ({ difference, standardError }: PlaceExperiment) => ({
  difference,
  z: difference / standardError,
});

const titleOf = ({ edge, centre }: PositionBias, confirmed: PlaceExperiment | null): string =>
  confirmed
    ? `The same objects are found less at the edge than when the image is shifted: recall ${confirmed.recallAtEdge.toFixed(2)} there, ${confirmed.recallAtCentre.toFixed(2)} at the centre`
    : `Recall at the edge ${edge.toFixed(2)} against ${centre.toFixed(2)} at the centre, same sizes and classes`;

/** Recall at the centre and at the edge, of labels of like class and size that no edge cuts off. */
export interface PositionBias {
  readonly centre: number;
  readonly edge: number;
  readonly difference: number;
  /** The difference in standard errors. */
  readonly z: number;
  readonly labelsEdge: number;
  readonly labelsCentre: number;
}

/** Null where there are too few labels on either side. */
export function positionBiasOf(set: ImageSet, found: Uint8Array): PositionBias | null {
  const strata = stratify(set, wholeLabels(set), found);
  const bias = biasOf(strata);
  const labelsEdge = strata.reduce((sum, { count }) => sum + count[1], 0);
  const labelsCentre = strata.reduce((sum, { count }) => sum + count[0], 0);
  if (Math.min(labelsEdge, labelsCentre) < FEWEST || !bias) return null;
  return { ...bias, labelsEdge, labelsCentre };
}

/** Labels in images of known size that no edge cuts off. */
function wholeLabels(set: ImageSet): number[] {
  const { annotations } = set.truth;
  const { box } = annotations;
  return [...annotations.image.keys()].filter((row) => {
    const size = sizeOf(set, annotations.image[row]!);
    const at = row * 4;
    return (
      size !== null &&
      box[at]! > MARGIN &&
      box[at + 1]! > MARGIN &&
      box[at]! + box[at + 2]! < size[0] - MARGIN &&
      box[at + 1]! + box[at + 3]! < size[1] - MARGIN
    );
  });
}

function stratify(set: ImageSet, rows: readonly number[], found: Uint8Array): Stratum[] {
  const { annotations } = set.truth;
  const area = (row: number): number => annotations.box[row * 4 + 2]! * annotations.box[row * 4 + 3]!;
  const ofClass = new Map<number, number[]>();
  for (const row of rows) {
    const klass = annotations.category[row]!;
    const list = ofClass.get(klass);
    if (list) list.push(row);
    else ofClass.set(klass, [row]);
  }
  const strata: Stratum[] = [];
  for (const own of ofClass.values()) {
    own.sort((a, b) => area(a) - area(b));
    for (let third = 0; third < 3; third++) {
      const stratum: Stratum = { found: [0, 0], count: [0, 0] };
      const from = Math.floor((third * own.length) / 3);
      for (const row of own.slice(from, Math.floor(((third + 1) * own.length) / 3))) {
        const place = distanceFromCentre(set, annotations.image[row]!, row) >= EDGE ? 1 : 0;
        stratum.count[place]++;
        stratum.found[place] += found[row]!;
      }
      strata.push(stratum);
    }
  }
  return strata;
}

/** Difference of recall, strata weighted by n1 n2 / (n1 + n2), and how many standard errors it is; null without strata. */
function biasOf(strata: readonly Stratum[]) {
  let weights = 0;
  let centre = 0;
  let edge = 0;
  let variance = 0;
  for (const { found, count } of strata) {
    const all = count[0] + count[1];
    if (count[0] === 0 || count[1] === 0) continue;
    const weight = (count[0] * count[1]) / all;
    const pooled = (found[0] + found[1] + 0.5) / (all + 1);
    weights += weight;
    centre += (weight * found[0]) / count[0];
    edge += (weight * found[1]) / count[1];
    variance += weight * weight * pooled * (1 - pooled) * (1 / count[0] + 1 / count[1]);
  }
  if (weights === 0) return null;
  const difference = (centre - edge) / weights;
  return {
    difference,
    centre: centre / weights,
    edge: edge / weights,
    z: difference / (Math.sqrt(variance) / weights),
  };
}

function centralShare(set: ImageSet): number | null {
  const { annotations } = set.truth;
  let central = 0;
  let known = 0;
  for (let row = 0; row < annotations.count; row++) {
    const distance = distanceFromCentre(set, annotations.image[row]!, row);
    if (!Number.isFinite(distance)) continue;
    known++;
    if (distance < EDGE) central++;
  }
  return known === 0 ? null : central / known;
}

function missedImages(set: ImageSet, rows: readonly number[], found: Uint8Array): number[] {
  const { annotations } = set.truth;
  const missed = rows.filter(
    (row) => !found[row] && distanceFromCentre(set, annotations.image[row]!, row) >= EDGE,
  );
  return [...new Set(missed.map((row) => annotations.image[row]!))];
}
