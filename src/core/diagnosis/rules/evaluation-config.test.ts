import { describe, expect, it } from 'vitest';
import { configuredRun } from '../../training/assemble-run';
import { readPipelineConfig } from '../../training/pipeline-config';
import { noProgress } from '../../foundation/cancellation';
import { cleanSet } from '../clean-set.fixture';
import { situationOf } from '../data-files.fixture';
import { diagnose } from '../diagnose';

const SHAPE = { images: 30, classes: 3, objects: 8, clutter: 6, looseness: 0.05, found: 0.9 };
const SITUATION = situationOf(cleanSet(11, SHAPE));

function causesWith(field: string, truthOnly = false) {
  const text = `train_config { batch_size: 8 ${field} }`;
  const training = configuredRun(readPipelineConfig(text, 'pipeline.config'));
  const sources = { train: null, training, reported: [] };
  return diagnose(truthOnly ? null : SITUATION, SITUATION.truth, sources, [], noProgress).causes;
}

describe('the limit of boxes that training takes', () => {
  it('is named where images have more, without a price', () => {
    for (const truthOnly of [false, true]) {
      const [cause, ...others] = causesWith('max_number_of_boxes: 4', truthOnly);
      expect(cause).toMatchObject({ code: 'ground-truth-clipped', gain: null, evidence: { limit: 4 } });
      expect(others).toEqual([]);
    }
  });

  it('is no fault where it holds them all', () => {
    expect(causesWith('max_number_of_boxes: 20')).toEqual([]);
    expect(causesWith('')).toEqual([]);
  });
});
