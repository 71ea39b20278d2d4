/** Label Studio's JSON, its export's JSON-MIN too. */
import { BadInput } from '../../foundation/bad-input';
import type { Format } from '../format';
import { listOf, numberOf, recordOf } from '../json/read-json';
import { NamedTruth } from '../named-truth';
import { safeRelativePath } from '../names';
import { RawPredictionsBuilder } from '../raw-predictions';
import { RecordReporter } from '../reading';
import { sizeOrNull } from '../record-box';
import { annotationOf, keptOfTask, regionsOf, tasksOf } from './read-tasks';
import { writePredictions, writeTruth } from './write-tasks';

const isMinimal = (text: string): boolean =>
  /"(?:rectangle|polygon)?labels"\s*:\s*\[/.test(text) &&
  /"original_width"\s*:/.test(text) &&
  !/"(?:data|result)"\s*:\s*[[{]/.test(text);

export const labelStudioFormat: Format = {
  name: 'label-studio',
  title: 'Label Studio',
  sniff({ text }) {
    if (!/^\s*[[{]/.test(text)) return null;
    if (isMinimal(text)) return { kind: 'truth', why: 'images with regions beside them (JSON-MIN)' };
    if (!/"data"\s*:\s*\{/.test(text)) return null;
    if (!/"(annotations|completions|predictions)"\s*:\s*\[/.test(text)) return null;
    const isAnnotated = /"(annotations|completions)"\s*:\s*\[\s*\{/.test(text);
    return !isAnnotated && /"predictions"\s*:\s*\[\s*\{/.test(text)
      ? { kind: 'predictions', why: 'tasks with data and predictions' }
      : { kind: 'truth', why: 'tasks with data and annotations' };
  },
  async readTruth(source, paths, context) {
    const report = new RecordReporter(context);
    const truth = new NamedTruth();
    for (const path of paths) {
      for (const { record, name, task } of await tasksOf(source, path, report)) {
        const where = { file: source.nameOf(path), record, image: name };
        const annotation = annotationOf(task, report, where);
        const regions = regionsOf(listOf(annotation['result']), report, where);
        const data = recordOf(task['data']);
        const size = regions[0]?.size ?? {
          width: sizeOrNull(data['width']),
          height: sizeOrNull(data['height']),
        };
        const extra = context.keepExtra ? keptOfTask(task, annotation) : null;
        const image = truth.image(name, size.width, size.height, extra);
        for (const { className, box, extra: kept } of regions)
          truth.add(image, truth.classOf(className), box, 0, context.keepExtra ? kept : null);
      }
      context.progress.check();
    }
    if (truth.imageCount === 0)
      throw new BadInput(
        'truth-without-images',
        'There are no tasks with images.',
        'Check the file.',
        context,
      );
    return { truth: truth.finish('label-studio', context.labelMap, report), findings: report.list() };
  },
  async readPredictions(source, paths, context) {
    const report = new RecordReporter(context);
    const predictions = new RawPredictionsBuilder(report);
    for (const path of paths) {
      for (const { record, name, task } of await tasksOf(source, path, report)) {
        const where = { file: source.nameOf(path), record, image: name };
        const image = predictions.image(null, name);
        for (const entry of listOf(task['predictions'])) {
          const prediction = recordOf(entry);
          for (const { className, box, score } of regionsOf(listOf(prediction['result']), report, where)) {
            const own = Number.isFinite(score) ? score : numberOf(prediction['score']);
            predictions.add(predictions.nextRecord(), image, className, box, own);
          }
        }
      }
      context.progress.check();
    }
    return predictions.finish();
  },
  truthWriter: {
    layout: 'file',
    extension: '.json',
    expresses: {
      flags: 0,
      area: false,
      subsets: false,
      emptyClasses: false,
      repeatedClassNames: false,
      needsSizes: true,
      namesArePaths: true,
      fileByStem: false,
    },
    imagePath: (truth, image) => safeRelativePath(truth.images[image]!.fileName),
    write: (truth) => [{ path: '', content: writeTruth(truth) }],
  },
  predictionsWriter: {
    layout: 'file',
    needsSizes: true,
    write: (truth, predictions) => [{ path: '', content: writePredictions(truth, predictions) }],
  },
};
