/** What the pages Metrics and Compare show; kept while the user is elsewhere. */
import { create } from 'zustand';
import type { CategoryId, PartOfSet, RunId } from '../../../contract/view-types';
import type { Change } from '../../../core/metrics/analysis/changes';
import type { ColumnKey } from './protocol-names';
import { DEFAULT_COLUMNS } from './protocol-names';

interface ScoresState {
  /** What is scored; null: everything. */
  readonly part: PartOfSet | null;
  readonly isChoosingPart: boolean;
  /** Protocols side by side. */
  readonly columns: readonly ColumnKey[];
  /** Curves: the mean over COCO's IoUs in place of the one of the operating point. */
  readonly isMeanCurve: boolean;
  /** Classes with a curve; null: the first few. */
  readonly curves: readonly CategoryId[] | null;
  /** The two runs compared; null: the last two of the project. */
  readonly pair: readonly [first: RunId, second: RunId] | null;
  readonly changes: readonly Change[];
  /** Place in the queue of changed annotations. */
  readonly cursor: number;
  change: (change: Partial<Omit<ScoresState, 'change'>>) => void;
}

export const useScores = create<ScoresState>()((set) => ({
  part: null,
  isChoosingPart: false,
  columns: DEFAULT_COLUMNS,
  isMeanCurve: false,
  curves: null,
  pair: null,
  changes: ['broken', 'fixed'],
  cursor: 0,
  change: (change) => set(change),
}));
