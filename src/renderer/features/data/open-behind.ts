/** Every bar opens its images: the gallery of images under the rule that counts them. */
import type { BehindData } from '../../../contract/behind-data';
import type { MeasureProfile } from '../../../core/diagnosis/data/profile/profile';
import type { MeasureRange } from '../../../core/diagnosis/data/profile/selection';
import type { Resizer } from '../../../core/training/pipeline-config';
import { useSession } from '../../state/session';
import { NO_FILTER, useGallery } from '../gallery/gallery-state';

export function openBehind(behind: Partial<BehindData> & Pick<BehindData, 'words'>): void {
  const data: BehindData = {
    set: 'evaluation',
    ranges: [],
    category: null,
    source: null,
    resizer: null,
    ...behind,
  };
  useGallery.getState().change('images', { filter: { ...NO_FILTER, data }, cursor: 0, scroll: 0 });
  useSession.getState().setSection('images');
}

/** The values of a bin; the outer bins are open. */
export function rangeOfBin({ key, bins: { edges } }: MeasureProfile, bin: number): MeasureRange {
  return {
    measure: key,
    low: bin === 0 ? null : edges[bin]!,
    high: bin === edges.length - 2 ? null : edges[bin + 1]!,
  };
}

/** The ranges of a cell of a map with `side` cells across and down. */
export function rangesOfCell(cell: number, side: number): readonly MeasureRange[] {
  const range = (measure: MeasureRange['measure'], at: number): MeasureRange => ({
    measure,
    low: at === 0 ? null : at / side,
    high: at === side - 1 ? null : (at + 1) / side,
  });
  return [range('place-across', cell % side), range('place-down', Math.floor(cell / side))];
}

/** Sizes at the model's input need to know it; other measures do not. */
export const resizerFor = (key: MeasureProfile['key'], resizer: Resizer | null): Resizer | null =>
  key === 'input-size' ? resizer : null;
