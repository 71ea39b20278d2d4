/** What evidence says, by what it holds: keys that are told together are told in a sentence. */
import type { Evidence } from './cause';

export interface EvidenceSentence {
  /** Keys that must be there. */
  readonly needs: readonly string[];
  /** Keys that the sentence tells too. */
  readonly also?: readonly string[];
  readonly say: (evidence: Evidence) => string;
}

const grouped = new Intl.NumberFormat('en');
const count = (value: unknown): string => grouped.format(Math.round(Number(value)));
const two = (value: unknown): string => Number(value).toFixed(2);
const percent = (value: unknown): string => `${Number((Number(value) * 100).toPrecision(3))} %`;
/** Four digits. */
const short = (value: unknown): string => String(Number(Number(value).toPrecision(4)));
/** "1 label", "2 labels". */
const many = (value: unknown, word: string): string =>
  `${count(value)} ${word}${Number(value) === 1 ? '' : 's'}`;

const JOINS: Readonly<Record<string, string>> = {
  extension: 'without extensions',
  case: 'whatever their case',
  path: 'without folders',
  stem: 'without folders and extensions',
  digits: 'by the numbers in them',
};

/** The first that fits takes its keys. */
export const EVIDENCE_SENTENCES: readonly EvidenceSentence[] = [
  {
    needs: ['overlap', 'overlapAfter'],
    say: ({ overlap, overlapAfter }) =>
      `As they are, the surest boxes overlap the objects by ${two(overlap)} on average (IoU); with this undone by ${two(overlapAfter)}.`,
  },
  {
    needs: ['suspects', 'likely', 'expectedErrors'],
    say: ({ suspects, likely, expectedErrors }) =>
      `${many(suspects, 'suspect')}, of which ${count(likely)} are likely errors; about ${count(expectedErrors)} errors are expected among all.`,
  },
  {
    needs: ['suspects', 'annotations'],
    say: ({ suspects, annotations }) =>
      `${count(suspects)} of ${many(annotations, 'label')} stand where the model sees nothing.`,
  },
  {
    needs: ['duplicates', 'share', 'iou'],
    say: ({ duplicates, share, iou }) =>
      `${many(duplicates, 'prediction')} (${percent(share)}) lie on a surer one of their class. Leaving out what overlaps a surer one by more than ${short(iou)} (IoU) gains most.`,
  },
  {
    needs: ['joined', 'total', 'rule'],
    say: ({ joined, total, rule }) =>
      `${count(joined)} of ${many(total, 'image')} join as they are; the names of the others are the same ${JOINS[String(rule)] ?? `by ${String(rule)}`}.`,
  },
  {
    needs: ['property', 'class', 'train', 'evaluation'],
    say: ({ class: name, train, evaluation }) =>
      `“${String(name)}” is ${percent(train)} of the labels in training and ${percent(evaluation)} in the evaluation.`,
  },
  {
    needs: ['property', 'source', 'train', 'evaluation'],
    say: ({ source, train, evaluation }) =>
      `${percent(train)} of the training images are ${String(source)}, of the evaluation’s ${percent(evaluation)}.`,
  },
  {
    needs: ['property', 'measure', 'train', 'evaluation'],
    say: ({ property, measure, train, evaluation }) =>
      `${String(property).replaceAll('-', ' ')}, ${String(measure)}: the median is ${short(train)} in training and ${short(evaluation)} in the evaluation.`.replace(
        /^./,
        (letter) => letter.toUpperCase(),
      ),
  },
  {
    needs: ['recallEdge', 'recallCentre', 'labelsEdge', 'labelsCentre'],
    say: ({ recallEdge, recallCentre, labelsEdge, labelsCentre }) =>
      `Of ${many(labelsEdge, 'label')} at the edge ${percent(recallEdge)} are found, of ${count(labelsCentre)} at the centre ${percent(recallCentre)}.`,
  },
  {
    needs: ['labels', 'share', 'below', 'recall', 'recallNext'],
    say: ({ labels, share, below, recall, recallNext }) =>
      `${many(labels, 'label')} (${percent(share)}) are under ${short(below)} pixels at the model’s input. ${percent(recall)} of them are found, of the next larger ones ${percent(recallNext)}.`,
  },
  {
    needs: ['labels', 'nested', 'annotations'],
    say: ({ labels, nested, annotations }) =>
      `${count(labels)} of ${many(annotations, 'label')} repeat another; ${count(nested)} lie within another of their class.`,
  },
  {
    needs: ['limit', 'largest'],
    say: ({ limit, largest }) => `The limit is ${count(limit)}; the fullest image has ${count(largest)}.`,
  },
  {
    needs: ['boxes', 'limit'],
    say: ({ boxes, limit }) =>
      `${many(boxes, 'box').replace(/boxs$/, 'boxes')} of no size fill images up to ${count(limit)}.`,
  },
  {
    needs: ['zero', 'repeated'],
    say: ({ zero, repeated }) =>
      `${count(zero)} ids are 0, ${count(repeated)} stand for several annotations.`,
  },
  {
    needs: ['annotations', 'medianOfBox', 'zero'],
    say: ({ annotations, medianOfBox, zero }) =>
      `${count(annotations)} areas do not fit their boxes; their median is ${percent(medianOfBox)} of the box, and ${count(zero)} are 0.`,
  },
  {
    needs: ['flag', 'share'],
    say: ({ flag, share }) => `${percent(share)} of the annotations are flagged ${String(flag)}.`,
  },
  {
    needs: ['threshold', 'lowest'],
    say: ({ threshold, lowest }) => `No score is below ${short(lowest)}, as if cut at ${short(threshold)}.`,
  },
  {
    needs: ['reported', 'key', 'protocol', 'value'],
    say: ({ reported, key, protocol, value }) =>
      `${String(key)} was reported as ${short(reported)}; ${String(protocol)} gives ${short(value)} on these data.`,
  },
  {
    needs: ['trainingImages', 'emptyImages', 'inventions'],
    say: ({ trainingImages, emptyImages, inventions }) =>
      `${many(trainingImages, 'training image')}, none without objects. On the evaluation’s ${many(emptyImages, 'empty image')} the model invents ${many(inventions, 'object')}.`,
  },
  {
    needs: ['of', 'share', 'byLabels', 'byPixels'],
    say: ({ of, share, byLabels, byPixels }) =>
      `${percent(share)} of ${many(of, 'image')} are in training too: ${count(byLabels)} by their labels, ${count(byPixels)} by their pixels.`,
  },
  {
    needs: ['change', 'scoreBefore', 'scoreAfter', 'imagesRun', 'imagesInAll'],
    say: ({ change, scoreBefore, scoreAfter, imagesRun, imagesInAll }) =>
      `Run again with ${String(change)} over ${count(imagesRun)} of ${many(imagesInAll, 'image')}, the model scores ${Number(scoreAfter).toFixed(3)} in place of ${Number(scoreBefore).toFixed(3)}.`,
  },
];
