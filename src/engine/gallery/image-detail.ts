/** One image with all its boxes and what became of them. */
import type {
  AnnotationView,
  Box,
  ImageDetail,
  PredictionView,
  ReviewStatus,
} from '../../contract/view-types';
import { FLAG_CROWD, FLAG_DIFFICULT } from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import type { LiveProtocol, OperatingPoint } from '../../core/metrics/evaluation';
import { PREDICTION_OUTCOMES, TRUTH_OUTCOMES } from '../../core/metrics/evaluation';
import type { ProjectSession } from '../project/session';

export function indexOfImage(session: ProjectSession, key: number): number {
  const index = session.data.indexOfImage.get(key);
  if (index === undefined)
    throw new BadInput('image-unknown', `There is no image ${key} in the project.`, 'Choose another.');
  return index;
}

export function imageDetail(
  session: ProjectSession,
  key: number,
  run: number | null,
  point: OperatingPoint,
  protocol: LiveProtocol = 'coco',
): ImageDetail {
  const { data } = session;
  const index = indexOfImage(session, key);
  const image = data.images[index]!;
  const records = data.annotations[index]!;
  const scorer = run === null ? null : session.scorer(run, protocol);
  const outcomes = scorer?.outcomes(index, point) ?? null;
  const columns = run === null ? null : data.predictions(run).columns;
  const rows = scorer?.predictionRows(index) ?? new Int32Array(0);
  const predictions: PredictionView[] = Array.from(rows, (row, place) => {
    const truth = outcomes!.predictionTruth[place]!;
    return {
      index: columns!.fileIndex[row]!,
      category: data.categories[columns!.category[row]!]!.id,
      box: Array.from(columns!.box.subarray(row * 4, row * 4 + 4)) as unknown as Box,
      score: columns!.score[row]!,
      outcome: PREDICTION_OUTCOMES[outcomes!.prediction[place]!]!,
      annotation: truth < 0 ? null : records[truth]!.id,
      iou: outcomes!.predictionIou[place]!,
      ...verdict(data.verdicts.get(`p:${run}:${columns!.fileIndex[row]!}`)),
    };
  });
  const annotations: AnnotationView[] = records.map((record, row) => {
    const partner = outcomes ? outcomes.truthPrediction[row]! : -1;
    return {
      id: record.id,
      category: record.category,
      box: record.box,
      crowd: (record.flags & FLAG_CROWD) !== 0,
      difficult: (record.flags & FLAG_DIFFICULT) !== 0,
      outcome: outcomes ? TRUTH_OUTCOMES[outcomes.truth[row]!]! : 'matched',
      partner: partner < 0 ? null : partner,
      iou: partner < 0 ? null : outcomes!.predictionIou[partner]!,
      ...verdict(data.verdicts.get(`a:${record.id}`)),
    };
  });
  const { id, fileName, width, height, orientation, location, status, note } = image;
  return {
    image: key,
    id,
    name: fileName,
    width,
    height,
    orientation,
    isMissing: location === null,
    status,
    note,
    annotations,
    predictions,
  };
}

/** What was decided about a failure; nothing where nothing was. */
const verdict = (status: ReviewStatus | undefined): { status?: ReviewStatus } => (status ? { status } : {});
