/**
 * What the model's own runs say of its input: a change under which it scores higher than as it is run, and predictions
 * that score lower than the model does on the same images.
 */
import type { ModelChange } from '../../inference/change/model-change';
import { changeWords, pictureOf } from '../../inference/change/model-change';
import type { FoundCause } from '../cause';
import type { Rule } from '../rule';
import type { MeasuredChange, Measurement, OwnRun } from './measure-change';

const LEAST_GAIN = 0.01;
/** How much better a changed run has to agree with the predictions before it is taken for the way they were made. */
const LEAST_CLOSER = 0.1;
const LEAST_AGREEMENT = 0.5;

export const measuredInput: Rule = {
  codes: ['preprocessing-differs', 'resolution-differs', 'export-loss'],
  group: 'D',
  looksFor: 'what the model showed when it ran again',
  find({ sources: { measured } }) {
    if (!measured) return [];
    return [
      ...findBetter(measured, 'preprocessing-differs', isPreparation),
      ...findBetter(measured, 'resolution-differs', ({ inputSize }) => inputSize !== undefined),
      ...(measured.ownRun ? findOwnRun(measured, measured.ownRun) : []),
    ];
  },
};

const isPreparation = ({ channels, normalise, resize, inputSize }: ModelChange): boolean =>
  inputSize === undefined && (channels ?? normalise ?? resize) !== undefined;

/** More than nothing, and more than chance gives. */
const isGain = ({ gain, gainInterval }: Pick<MeasuredChange, 'gain' | 'gainInterval'>): boolean =>
  gain >= LEAST_GAIN && gainInterval !== null && gainInterval[0] > 0;

const number = (score: number | null): string => (score === null ? 'nothing' : score.toFixed(3));

/** For evidence: everything of a kind that was tried. */
const tried = (changes: readonly MeasuredChange[]) =>
  changes.map(({ change, gain, gainInterval }) => ({ change: changeWords(change), gain, gainInterval }));

function findBetter(
  measured: Measurement,
  code: 'preprocessing-differs' | 'resolution-differs',
  isOfKind: (change: ModelChange) => boolean,
): FoundCause[] {
  const ofKind = measured.changes.filter(({ change }) => isOfKind(change) && pictureOf(change) === null);
  const [best] = ofKind.filter(isGain).sort((a, b) => b.gain - a.gain);
  if (!best) return [];
  const words = changeWords(best.change);
  return [
    {
      code,
      title: `The model scores ${number(best.scoreAfter)} with ${words}, ${number(best.scoreBefore)} as it is run: it was trained so`,
      evidence: {
        change: words,
        scoreBefore: best.scoreBefore,
        scoreAfter: best.scoreAfter,
        imagesRun: measured.images,
        imagesInAll: measured.total,
        tried: tried(ofKind),
      },
      images: [],
      action: `Run the model with ${words}, and make the same change where it is deployed`,
      repair: null,
      price: { gain: best.gain, interval: best.gainInterval, confidence: 'measured' },
    },
  ];
}

function findOwnRun({ changes, images, total }: Measurement, own: OwnRun): FoundCause[] {
  if (!isGain(own)) return [];
  const closest = own.agreements.reduce<number>(
    (best, value, at) => ((value ?? -1) > (own.agreements[best] ?? -1) ? at : best),
    0,
  );
  const agreed = own.agreements[closest] ?? 0;
  const isReproduced = agreed >= LEAST_AGREEMENT && agreed - own.agreement >= LEAST_CLOSER;
  const way = isReproduced ? changeWords(changes[closest]!.change) : null;
  return [
    {
      code: way === null ? 'export-loss' : 'preprocessing-differs',
      title:
        way === null
          ? `The model itself scores ${number(own.scoreOwn)} where these predictions score ${number(own.scoreGiven)}: they come from another export or another way of running it`
          : `The predictions look like the model run with ${way}: ${number(own.scoreGiven)} in place of ${number(own.scoreOwn)}`,
      evidence: {
        scoreGiven: own.scoreGiven,
        scoreOwn: own.scoreOwn,
        agreement: own.agreement,
        ...(way === null ? {} : { change: way, agreementChanged: agreed }),
        imagesRun: images,
        imagesInAll: total,
      },
      images: [],
      action:
        way === null
          ? 'Compare the deployed model and its input with this one; score the predictions that Reticle makes with it'
          : 'Correct the input where the predictions are made, or score those that Reticle makes with the model',
      repair: null,
      price: { gain: own.gain, interval: own.gainInterval, confidence: 'measured' },
    },
  ];
}
