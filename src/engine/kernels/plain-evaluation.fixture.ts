/** What the plain readers, join and evaluator say of the files that the kernels evaluate. */
import { joinPredictions } from '../../core/formats/join';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import { loadPredictions, loadTruth } from '../import/load';
import type { CocoFiles, CocoFilesEvaluation } from './evaluate-coco';

type Evaluation = Omit<CocoFilesEvaluation, 'classSizes' | 'categories'>;

export function withoutDetails(evaluation: CocoFilesEvaluation): Evaluation {
  const { result, images, annotations, records, join, findings } = evaluation;
  return { result, images, annotations, records, join, findings };
}

export async function plainEvaluation(files: CocoFiles): Promise<Evaluation> {
  const { strict, parameters, score } = files;
  const { truth, findings } = await loadTruth(files.truth, { strict });
  const { raw } = await loadPredictions(files.predictions, { strict, truth });
  const joined = joinPredictions(truth, raw, { file: files.predictions, strict });
  const { images, categories, annotations } = truth;
  const imageIds = images.map(({ id }) => id);
  const input = { imageIds, categories, annotations, predictions: joined.predictions };
  return {
    result: evaluateProtocol(input, 'coco', parameters).result(score),
    images: images.length,
    annotations: annotations.count,
    records: raw.recordsInFile,
    join: joined.join,
    findings: [...findings, ...raw.findings, ...joined.findings],
  };
}
