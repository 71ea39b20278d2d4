import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnoseTraining } from '../../core/diagnosis/training/training-doctor';
import { writeEventFile } from '../../core/formats/event-file/event-file.fixture';
import { noProgress } from '../../core/foundation/cancellation';
import { sharedPath } from '../../core/foundation/shared-data.fixture';
import { changedText } from '../../core/training/config-change';
import { readPipelineConfig } from '../../core/training/pipeline-config';
import { loadTrainings } from './load-trainings';

const trainings = sharedPath('models/training-runs');

/** What each is named for comes first; further true causes may follow. */
const FIRST: Readonly<Record<string, string | null>> = {
  good: null,
  overfit: 'overfitting',
  'high-rate': 'learning-rate-too-high',
  'stopped-early': 'stopped-too-early',
  'warmup-never-ends': 'warm-up-never-ends',
};

describe.skipIf(trainings === null)('real trainings', () => {
  it.each(Object.entries(FIRST))('%s: the doctor names %s first', async (name, first) => {
    const { runs, findings } = await loadTrainings(`${trainings!}/${name}`, noProgress);
    expect(findings).toEqual([]);
    expect(runs).toHaveLength(1);
    const { causes } = diagnoseTraining(runs[0]!);
    expect(causes[0]?.code ?? null).toBe(first);
    if (first === null) expect(causes).toEqual([]);
  });

  it.each(['good', 'stopped-early'])(
    '%s: the same from its history, without rates and configuration',
    async (name) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'reticle-history-'));
      cpSync(`${trainings!}/${name}/history.json`, path.join(folder, 'history.json'));
      const { runs } = await loadTrainings(folder, noProgress);
      rmSync(folder, { recursive: true });
      expect(diagnoseTraining(runs[0]!).causes.map(({ code }) => code)[0] ?? null).toBe(FIRST[name]);
    },
  );

  it('the corrected configuration of a training is one that the doctor passes', async () => {
    for (const name of readdirSync(trainings!)) {
      const { runs } = await loadTrainings(`${trainings!}/${name}`, noProgress);
      const { changes } = diagnoseTraining(runs[0]!);
      const { config } = runs[0]!;
      const text = changedText(
        config!.text,
        changes.map(({ change }) => change),
      );
      const corrected = readPipelineConfig(text, 'pipeline.config');
      if (changes.length === 0) expect(text).toBe(config!.text);
      else if (changes.some(({ code }) => code !== 'augmentation-missing'))
        expect(corrected.train.schedule).toMatchObject({ kind: 'cosine', totalSteps: config!.train.steps });
      if (changes.some(({ code }) => code === 'augmentation-missing'))
        expect(corrected.train.augmentations).toEqual(['random_horizontal_flip', 'random_adjust_brightness']);
    }
  });

  it('several below one folder, each with its own configuration', async () => {
    const { runs } = await loadTrainings(trainings!, noProgress);
    expect(runs.map(({ name }) => name)).toEqual(Object.keys(FIRST).sort());
    expect(runs.find(({ name }) => name === 'overfit')!.config!.train.steps).toBe(1800);
  });
});

describe('folders of logs', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'reticle-logs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const log = (place: string, values: readonly number[], start = 0, tag = 'loss_1'): void => {
    mkdirSync(path.join(folder, path.dirname(place)), { recursive: true });
    const scalars = values.map((value, at) => ({ tag, step: start + at * 10, wallTime: start + at, value }));
    writeFileSync(path.join(folder, place), writeEventFile(scalars, 'simple'));
  };

  it('TensorFlow 1: training in the folder itself, evaluations in eval_0, a restart in a second file', async () => {
    log('events.out.tfevents.1.a', [5, 4, 3, 2, 9]);
    log('events.out.tfevents.2.a', [1.5, 1], 40);
    log('eval_0/events.out.tfevents.3.a', [0.1, 0.2], 0, 'DetectionBoxes_Precision/mAP');
    const { runs } = await loadTrainings(folder, noProgress);
    expect(runs).toHaveLength(1);
    expect([...runs[0]!.trainingLoss!.value]).toEqual([5, 4, 3, 2, 1.5, 1]);
    expect(runs[0]!.scoreKey).toBe('DetectionBoxes_Precision/mAP');
  });

  it('Ultralytics: parts of the loss are summed, and epochs counted', async () => {
    writeFileSync(
      path.join(folder, 'results.csv'),
      '      epoch,  train/box_loss,  train/cls_loss,  metrics/mAP50-95(B),  val/box_loss,  val/cls_loss,  lr/pg0\n' +
        ' 1, 2, 3, 0.1, 2.5, 3.5, 0.01\n 2, 1, 2, 0.2, nan, 3, 0.005\n',
    );
    const { runs } = await loadTrainings(folder, noProgress);
    expect(runs[0]).toMatchObject({ source: 'ultralytics', unit: 'epoch', scoreKey: 'metrics/mAP50-95(B)' });
    expect([...runs[0]!.trainingLoss!.value]).toEqual([5, 3]);
    expect([...runs[0]!.validationLoss!.value]).toEqual([6, NaN]);
    expect([...runs[0]!.learningRate!.value]).toEqual([0.01, 0.005]);
  });

  it('Keras: lists by name, with what is not a number as Python writes it', async () => {
    writeFileSync(
      path.join(folder, 'history.json'),
      '{"loss": [3.5, NaN], "val_loss": [4, 5], "val_mAP": [0.1, 0.2], "params": {"epochs": 2}}',
    );
    const { runs } = await loadTrainings(folder, noProgress);
    expect([...runs[0]!.trainingLoss!.value]).toEqual([3.5, NaN]);
    expect([...runs[0]!.validationLoss!.value]).toEqual([4, 5]);
    expect(diagnoseTraining(runs[0]!).causes.map(({ code }) => code)).toEqual(['learning-rate-too-high']);
  });

  it('without any log it says what it looked for', async () => {
    writeFileSync(path.join(folder, 'readme.txt'), 'nothing');
    await expect(loadTrainings(folder, noProgress)).rejects.toMatchObject({ code: 'no-training-found' });
    await expect(loadTrainings(path.join(folder, 'none'), noProgress)).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });
});
