/** The page in sentences: what the numbers say together. */
import type { MetricsAnalysis, TideErrors } from '../../../contract/metrics-view';
import type { CalibrationBin } from '../../../core/metrics/analysis/calibration';
import { precision, recall } from '../../../core/metrics/counts';
import type { TideBar } from '../../../core/metrics/tide/tide-errors';

const COST_WORDS: Readonly<Record<TideBar, string>> = {
  Cls: 'Wrong classes cost',
  Loc: 'Loose boxes cost',
  Both: 'Predictions that are off in class and place cost',
  Dupe: 'Duplicates cost',
  Bkg: 'Background detections cost',
  Miss: 'Misses cost',
};
/** Loose: AP falls by this share from IoU 0.50 to 0.75. */
const STEEP_FALL = 1 / 3;

const three = (value: number): string => value.toFixed(3);

/** One sentence each; those that have nothing to say are left out. */
export function reading(
  analysis: MetricsAnalysis | null,
  metrics: Readonly<Record<string, number | null>>,
  errors: TideErrors | null,
): readonly string[] {
  const sentences: string[] = [];
  if (analysis) sentences.push(...foundSentence(analysis));
  sentences.push(...placeSentence(metrics));
  const worst = errors && [...errors.bars].sort((a, b) => (b.gain ?? 0) - (a.gain ?? 0))[0];
  if (worst?.gain) sentences.push(`${COST_WORDS[worst.name]} most (${three(worst.gain)} of AP at IoU 0.50).`);
  return sentences;
}

function foundSentence({ counts, point }: MetricsAnalysis): readonly string[] {
  const found = recall(counts);
  const right = precision(counts);
  if (found === null || right === null) return [];
  const where = `at IoU ${point.iou.toFixed(2)} and confidence ${point.score.toFixed(2)}`;
  const finds =
    found >= 0.8
      ? 'finds most objects'
      : found >= 0.5
        ? 'finds over half of the objects'
        : 'misses over half of the objects';
  return [
    `The model ${finds} (recall ${three(found)}), and ${three(right)} of its predictions are right, ${where}.`,
  ];
}

function placeSentence({ AP50, AP75 }: Readonly<Record<string, number | null>>): readonly string[] {
  if (!AP50 || AP75 === null || AP75 === undefined) return [];
  const isSteep = (AP50 - AP75) / AP50 > STEEP_FALL;
  const verb = isSteep ? 'It places boxes loosely' : 'It places boxes well';
  return [`${verb}: AP goes from ${three(AP50)} at IoU 0.50 to ${three(AP75)} at 0.75.`];
}

const SAME_WITHIN = 0.02;

/** Confidence against the share that is right, of sure and of unsure predictions: they often lean to opposite sides. */
export function calibrationReading(bins: readonly CalibrationBin[]): string {
  const halves = [
    { name: 'From confidence 0.5 on', own: bins.slice(bins.length / 2) },
    { name: 'Below', own: bins.slice(0, bins.length / 2) },
  ];
  const sentences = halves.flatMap(({ name, own }) => {
    const total = own.reduce((sum, bin) => sum + bin.count, 0);
    if (total === 0) return [];
    const mean = (key: 'confidence' | 'precision'): number =>
      own.reduce((sum, bin) => sum + bin.count * (bin[key] ?? 0), 0) / total;
    const [sure, right] = [mean('confidence'), mean('precision')];
    const lean =
      Math.abs(sure - right) < SAME_WITHIN
        ? 'as sure as it is right'
        : sure > right
          ? 'surer than it is right'
          : 'less sure than it is right';
    return [`${name} the model is ${lean} (${three(sure)} against ${three(right)}).`];
  });
  return sentences.join(' ') || 'There are no predictions.';
}
