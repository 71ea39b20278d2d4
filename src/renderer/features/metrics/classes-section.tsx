/** Every class's numbers, in any order, each with its interval. */
import { ArrowDown, ArrowUp, Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { MetricsAnalysis, PointIntervals } from '../../../contract/metrics-view';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import { app } from '../../state/app-client';
import { useSession } from '../../state/session';
import { count, interval, score } from '../../ui/number-text';
import { BoxesButton } from '../scores/boxes-button';
import { csvText } from '../scores/csv';
import type { Wanted } from '../scores/open-boxes';
import { ERROR_OUTCOMES, FALSE_OUTCOMES } from '../scores/open-boxes';
import { PROTOCOL_NAMES } from '../scores/protocol-names';
import { useScores } from '../scores/scores-state';
import type { Answer } from '../scores/use-answer';
import type { ClassRow, ClassSort, SortKey } from './class-rows';
import { classRows, classTable, sortRows } from './class-rows';
import { ClassSwatch } from './class-swatch';
import { IntervalBar } from './interval-bar';
import { Section } from './section';
import type { ShownColumn } from './use-columns';
import { useFirstRows } from './use-first-rows';

interface ClassesSectionProps {
  readonly own: ShownColumn;
  readonly analysis: Answer<MetricsAnalysis>;
  readonly pointIntervals: PointIntervals | null;
}

const COLUMNS: readonly { readonly key: SortKey; readonly label: string; readonly isCoco?: boolean }[] = [
  { key: 'AP50', label: 'AP50', isCoco: true },
  { key: 'AP75', label: 'AP75', isCoco: true },
  { key: 'precision', label: 'Precision' },
  { key: 'recall', label: 'Recall' },
  { key: 'bestAt', label: 'Best F1 at' },
];

/** What is selected, on the page or in a field, is copied as ever; else the table. */
async function copy(table: () => string): Promise<void> {
  const field = document.activeElement;
  const selected =
    field instanceof HTMLInputElement && field.type !== 'range'
      ? field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0)
      : (window.getSelection()?.toString() ?? '');
  await app('clipboard.write', { text: selected || table() });
  if (selected === '') useSession.getState().showToast('The table is on the clipboard, as CSV.');
}

export function ClassesSection({ own, analysis, pointIntervals }: ClassesSectionProps): ReactNode {
  const protocol = useSession((session) => session.protocol);
  const categories = useSession((session) => session.project?.categories) ?? [];
  const part = useScores((state) => state.part);
  const [sort, setSort] = useState<ClassSort>({ key: 'AP', isDescending: true });
  const { value } = analysis;
  const rows =
    value && own.column
      ? sortRows(classRows(value, own.column.classes, categories, own.intervals, pointIntervals), sort)
      : [];
  const [shown, more] = useFirstRows(rows);
  const most = mostOf(rows);
  const table = () =>
    csvText(
      classTable(rows, { protocol: PROTOCOL_NAMES[protocol], ...(value?.point ?? { iou: 0, score: 0 }) }),
    );
  useAction('scores.copyTable', () => copy(table), rows.length > 0);
  const { iou, score: confidence } = value?.point ?? { iou: 0.5, score: 0.5 };
  const images = value?.scored.images ?? 0;
  return (
    <Section
      title="Classes"
      caption={`${PROTOCOL_NAMES[protocol]}; precision and recall at IoU ${iou.toFixed(2)}, confidence ${confidence.toFixed(2)}; 95 % intervals: bootstrap over the ${count(images)} images${part ? ' of the part' : ''}`}
      tools={
        <ActionButton action="scores.copyTable">
          <Copy size={14} aria-hidden="true" /> Copy as CSV
        </ActionButton>
      }
    >
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label="Table of classes">
        <table data-old={analysis.isOld || own.isOld} data-testid="classes">
          <thead>
            <tr>
              <SortHead column="name" label="Class" sort={sort} onSort={setSort} />
              <SortHead column="truth" label="Truth" sort={sort} onSort={setSort} isNumber />
              <SortHead column="AP" label="AP" sort={sort} onSort={setSort} isNumber />
              <th scope="col">95 % interval of AP</th>
              {COLUMNS.filter(({ isCoco }) => !isCoco || protocol === 'coco').map(({ key, label }) => (
                <SortHead key={key} column={key} label={label} sort={sort} onSort={setSort} isNumber />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <ClassLine key={row.id} row={row} most={most} isCoco={protocol === 'coco'} />
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </Section>
  );
}

const mostOf = (rows: readonly ClassRow[]): number =>
  Math.max(0.1, ...rows.map(({ AP, interval: ends }) => Math.max(AP ?? 0, ends?.[1] ?? 0)));

function ClassLine({
  row,
  most,
  isCoco,
}: {
  readonly row: ClassRow;
  readonly most: number;
  readonly isCoco: boolean;
}): ReactNode {
  const { id, name } = row;
  const own = { categories: [id] };
  const { bestAt } = row;
  return (
    <tr>
      <th scope="row" title={name}>
        <span className="class-name">
          <ClassSwatch id={id} />
          <span className="clip">{name}</span>
        </span>
      </th>
      <td className="number">
        <BoxesButton
          label={`all ${row.truth} annotations of ${name}`}
          wanted={{ ...own, outcomes: ['miss', 'true-positive'], behind: { of: 'annotations' } }}
        >
          {count(row.truth)}
        </BoxesButton>
      </td>
      <NumberCell value={row.AP} isStrong wanted={own} what={`the failures of ${name}`} />
      <td>
        <IntervalBar value={row.AP} ends={row.interval} most={most} />
      </td>
      {isCoco && <NumberCell value={row.AP50} wanted={own} what={`the failures of ${name}`} />}
      {isCoco && <NumberCell value={row.AP75} wanted={own} what={`the failures of ${name}`} />}
      <NumberCell
        value={row.precision}
        ends={row.precisionInterval}
        wanted={{ ...own, outcomes: FALSE_OUTCOMES, behind: { of: 'predictions' } }}
        what={`the ${row.falsePositives} false predictions of ${name}`}
      />
      <NumberCell
        value={row.recall}
        ends={row.recallInterval}
        wanted={{ ...own, outcomes: ['miss'], behind: { of: 'annotations' } }}
        what={`the ${row.misses} missed ${name}`}
      />
      <td className="number">
        {bestAt === null ? (
          '–'
        ) : (
          <BoxesButton
            label={`the false predictions and the misses of ${name} at this confidence, where its F1 is ${score(row.bestF1)}`}
            wanted={{ ...own, outcomes: ERROR_OUTCOMES, behind: {}, confidenceAt: threshold(bestAt) }}
          >
            {bestAt.toFixed(2)}
          </BoxesButton>
        )}
      </td>
    </tr>
  );
}

/** Two digits, never above what it stands for: the prediction that has it stays in. */
export const threshold = (confidence: number): number =>
  Math.min(1, Math.max(0, Math.floor(confidence * 100 + 1e-9) / 100));

interface NumberCellProps {
  readonly value: number | null;
  readonly ends?: readonly [number, number] | null;
  readonly isStrong?: boolean;
  readonly wanted: Wanted;
  readonly what: string;
}

export function NumberCell({ value, ends, isStrong = false, wanted, what }: NumberCellProps): ReactNode {
  return (
    <td className="number">
      {value === null ? (
        <span title="Undefined: nothing counts here">–</span>
      ) : (
        <span className="fresh">
          <BoxesButton label={what} wanted={wanted}>
            {isStrong ? <b>{score(value)}</b> : score(value)}
          </BoxesButton>
        </span>
      )}
      {ends && <span className="interval">{interval(ends)}</span>}
    </td>
  );
}

interface SortHeadProps {
  readonly column: SortKey;
  readonly label: string;
  readonly sort: ClassSort;
  readonly onSort: (sort: ClassSort) => void;
  readonly isNumber?: boolean;
}

function SortHead({ column, label, sort, onSort, isNumber = false }: SortHeadProps): ReactNode {
  const isOn = sort.key === column;
  const Icon = sort.isDescending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      className={isNumber ? 'number' : undefined}
      aria-sort={isOn ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        className="sort-button"
        onClick={() => onSort({ key: column, isDescending: isOn ? !sort.isDescending : isNumber })}
      >
        {label}
        {isOn && <Icon size={11} aria-hidden="true" style={{ display: 'inline', marginLeft: 3 }} />}
      </button>
    </th>
  );
}
