import { describe, expect, it } from 'vitest';
import { noProgress } from '../../foundation/cancellation';
import { cleanSet } from '../clean-set.fixture';
import { Scores } from '../price';
import { situationOf } from '../data-files.fixture';
import type { LoosePredictions, Situation } from '../situation';
import type { Measurement } from './measure-change';
import { compareOwnRun, measureChange } from './measure-change';
import { measuredInput } from './measured-input';

const SHAPE = { images: 25, classes: 2, objects: 5, clutter: 2, looseness: 0.05, found: 0.9 };
const good = situationOf(cleanSet(3, SHAPE));
/** The same detector when it hardly sees: boxes elsewhere by a fifth of their side. */
const blurred: LoosePredictions = {
  ...good.predictions,
  box: good.predictions.box.map((value, at) =>
    at % 4 === 0 ? value + 0.2 * good.predictions.box[at + 2]! : value,
  ),
};
const CHANGE = { channels: 'bgr' } as const;

/** A model that gives `own` as it is and `changed` under BGR. */
function causesWith(given: Situation, own: LoosePredictions, changed: LoosePredictions) {
  const before = { ...given, predictions: own };
  const measured: Measurement = {
    images: given.truth.images.length,
    total: given.truth.images.length,
    changes: [measureChange(before, changed, CHANGE, [], noProgress)],
    ownRun: compareOwnRun(given, own, [changed], noProgress),
  };
  const scores = new Scores();
  return measuredInput.find({
    given,
    repaired: given,
    truth: given.truth,
    sources: { train: null, training: null, reported: [], measured },
    progress: noProgress,
    evaluate: (situation) => scores.evaluate(situation),
    score: (situation) => scores.score(situation),
  });
}

const codes = (causes: ReturnType<typeof causesWith>) => causes.map(({ code }) => code);

describe('what the model’s own runs say', () => {
  it('names a preparation under which the model scores higher', () => {
    const [cause] = causesWith({ ...good, predictions: blurred }, blurred, good.predictions);
    expect(cause).toMatchObject({ code: 'preprocessing-differs', price: { confidence: 'measured' } });
    expect(cause!.evidence).toMatchObject({ change: 'BGR', imagesRun: good.truth.images.length });
    expect(cause!.price!.gain).toBeGreaterThan(0.05);
  });

  it('knows predictions that were made with another preparation', () => {
    const causes = causesWith({ ...good, predictions: blurred }, good.predictions, blurred);
    expect(codes(causes)).toEqual(['preprocessing-differs']);
    expect(causes[0]!.evidence).toMatchObject({ change: 'BGR', agreementChanged: 1 });
  });

  it('names another export where no change explains what the predictions lack', () => {
    const causes = causesWith({ ...good, predictions: blurred }, good.predictions, good.predictions);
    expect(codes(causes)).toEqual(['export-loss']);
  });

  it('says nothing where the model is run as it should be', () => {
    expect(causesWith(good, good.predictions, blurred)).toEqual([]);
    expect(causesWith(good, good.predictions, good.predictions)).toEqual([]);
  });
});
