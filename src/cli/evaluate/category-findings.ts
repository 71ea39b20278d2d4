import type { Category } from '../../core/dataset/dataset';
import type { Finding } from '../../core/foundation/finding';
import { FindingCollector } from '../../core/foundation/finding';

/** Classes that the mean leaves out; `annotated`, `predicted`: indices of classes that have annotations, predictions. */
export function categoryFindings(
  categories: readonly Category[],
  annotated: ReadonlySet<number>,
  predicted: ReadonlySet<number>,
): Finding[] {
  const findings = new FindingCollector();
  categories.forEach(({ name, isUnlisted }, index) => {
    if (annotated.has(index) || isUnlisted) return;
    const tail = predicted.has(index) ? '; its predictions count nowhere' : '';
    findings.add(
      'category-without-truth',
      'info',
      `The class “${name}” has no ground truth, so its AP is undefined and in no mean${tail}.`,
    );
  });
  return findings.list();
}
