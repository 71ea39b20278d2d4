/** What number the gallery's tiles stand behind, in words. */
import type { CategorySummary, NumberBehind } from '../../../contract/view-types';
import { SLICES } from '../../../core/metrics/analysis/slices';
import { TIDE_BAR_NAMES } from '../../../core/metrics/tide/tide-errors';

const BY_WORDS = { size: 'Size', aspect: 'Shape', position: 'Position' } as const;
const PROTOCOL_WORDS = { coco: 'COCO', voc2007: 'VOC 2007', voc2012: 'VOC 2012' } as const;

/** `RBC taken for background · VOC 2012 matching · part of the set`. */
export function behindWords(behind: NumberBehind, categories: readonly CategorySummary[]): string {
  const className = (id: number | null): string =>
    id === null ? 'background' : (categories.find((category) => category.id === id)?.name ?? '?');
  const { of, cell, slice, error, protocol, part } = behind;
  const words: string[] = [];
  if (cell)
    words.push(
      cell.truth !== null && cell.truth === cell.predicted
        ? `${className(cell.truth)} found as such`
        : `${className(cell.truth)} taken for ${className(cell.predicted)}`,
    );
  if (slice) words.push(`${BY_WORDS[slice.by]}: ${SLICES[slice.by][slice.index] ?? ''}`);
  if (error) words.push(`TIDE: ${TIDE_BAR_NAMES[error]}`);
  if (!cell && of) words.push(of === 'annotations' ? 'One tile an annotation' : 'Predictions');
  if (protocol !== 'coco') words.push(`${PROTOCOL_WORDS[protocol]} matching`);
  if (part) words.push('part of the set');
  return words.join(' · ') || 'Boxes behind a number';
}
