/** Finds an output of boxes `[batch, N, 4]` and one of class scores `[batch, N, C]` for the same candidates. */
import type { ModelSignature, TensorSpec } from '../model';

export interface BoxesAndScores {
  readonly boxes: TensorSpec;
  readonly scores: TensorSpec;
  /** Columns of the scores; null where any. */
  readonly columns: number | null;
}

const hasName =
  (...parts: string[]) =>
  ({ name }: TensorSpec): boolean =>
    parts.some((part) => name.toLowerCase().includes(part));

const namesBoxes = hasName('box', 'bbox', 'loc');
const namesScores = hasName('score', 'logit', 'conf', 'prob', 'cls', 'class');

/** By shape; by name where both have four numbers. Null where there are not exactly such two. */
export function findBoxesAndScores({ outputs }: ModelSignature): BoxesAndScores | null {
  const candidates = outputs.filter(({ shape }) => shape?.length === 3);
  const boxes =
    candidates.find((spec) => namesBoxes(spec) && spec.shape![2] === 4) ??
    candidates.find((spec) => spec.shape![2] === 4 && !namesScores(spec)) ??
    // Exporters lose sizes that they could not follow: then only the names tell.
    candidates.find((spec) => namesBoxes(spec) && spec.shape![2] === null && candidates.some(namesScores));
  if (boxes === undefined) return null;
  const others = candidates.filter(
    ({ name, shape }) =>
      name !== boxes.name &&
      (shape![1] === boxes.shape![1] || shape![1] === null || boxes.shape![1] === null),
  );
  const scores = others.find(namesScores) ?? others[0];
  if (scores === undefined) return null;
  return { boxes, scores, columns: scores.shape![2] ?? null };
}
