/** Every chosen protocol's mean and classes, side by side. */
import { Check, ChevronDown, ListFilter, TriangleAlert } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import { useSession } from '../../state/session';
import { count, interval, score } from '../../ui/number-text';
import { BoxesButton } from '../scores/boxes-button';
import type { Wanted } from '../scores/open-boxes';
import type { ColumnKey } from '../scores/protocol-names';
import { ALL_COLUMNS, columnOf, PROTOCOL_DETAILS } from '../scores/protocol-names';
import { useScores } from '../scores/scores-state';
import { Section } from './section';
import type { ShownColumn } from './use-columns';
import { useFirstRows } from './use-first-rows';

export function ProtocolsSection({ columns }: { readonly columns: readonly ShownColumn[] }): ReactNode {
  const scored = columns.find(({ column }) => column)?.column?.scored;
  const padded = columns.find(({ column }) => column?.padding)?.column;
  return (
    <Section
      title="Protocols side by side"
      isFirst
      caption={
        scored &&
        `same ${count(scored.predictions)} predictions, same ${count(scored.annotations)} annotations, ${count(scored.images)} images`
      }
      tools={
        <>
          <ActionButton action="scores.part">
            <ListFilter size={14} aria-hidden="true" /> Part of the set
          </ActionButton>
          <ProtocolMenu />
        </>
      }
    >
      <ProtocolTable columns={columns} />
      {padded?.padding && (
        <p className="caution-line">
          <TriangleAlert size={16} className="caution-text" aria-hidden="true" />
          TF2 counts {count(padded.padding.boxes)} padding boxes
          {padded.padding.category === null ? '' : ` as ${padded.padding.category}`}. Shown for comparison
          only; it is not a score of this model.
        </p>
      )}
    </Section>
  );
}

function ProtocolTable({ columns }: { readonly columns: readonly ShownColumn[] }): ReactNode {
  const protocol = useSession((session) => session.protocol);
  const part = useScores((state) => state.part);
  const categories = (useSession((session) => session.project?.categories) ?? []).filter(
    ({ id }) => part?.categories?.includes(id) ?? true,
  );
  const [rows, more] = useFirstRows(categories);
  return (
    <>
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label="Table of protocols">
        <table className="protocols">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Class</span>
              </th>
              {columns.map(({ key }) => (
                <th
                  key={key}
                  scope="col"
                  className="number"
                  data-chosen={key === protocol}
                  title={PROTOCOL_DETAILS[columnOf(key).protocol]}
                >
                  {columnOf(key).name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">
                <b>mAP</b>
              </th>
              {columns.map((shown) => (
                <NumberCell
                  key={shown.key}
                  shown={shown}
                  value={shown.column?.value}
                  ends={shown.intervals?.metrics[shown.column?.metric ?? '']}
                  isStrong={shown.key === protocol}
                  wanted={{}}
                  what="all failures"
                />
              ))}
            </tr>
            {rows.map(({ id, name }) => (
              <tr key={id}>
                <th scope="row" title={name}>
                  {name}
                </th>
                {columns.map((shown) => (
                  <NumberCell
                    key={shown.key}
                    shown={shown}
                    value={shown.column?.classes.find((row) => row.id === id)?.AP}
                    ends={shown.intervals?.classes[id]}
                    wanted={{ categories: [id] }}
                    what={`the failures of ${name}`}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </>
  );
}

interface NumberCellProps {
  readonly shown: ShownColumn;
  readonly value: number | null | undefined;
  readonly ends: readonly [number, number] | null | undefined;
  readonly isStrong?: boolean;
  readonly wanted: Wanted;
  readonly what: string;
}

function NumberCell({ shown, value, ends, isStrong = false, wanted, what }: NumberCellProps): ReactNode {
  const protocol = useSession((session) => session.protocol);
  const { asTensorflow2ReportsIt } = columnOf(shown.key);
  return (
    <td className="number" data-chosen={shown.key === protocol} data-old={shown.isOld}>
      {value === undefined || shown.column === null ? (
        <span
          className="quiet"
          title={shown.column ? 'This protocol has no number for it' : 'Being computed'}
        >
          {shown.column ? '–' : '…'}
        </span>
      ) : value === null ? (
        <span className="quiet" title="Undefined: no ground truth counts here">
          –
        </span>
      ) : (
        <span className={asTensorflow2ReportsIt && shown.column.padding ? 'fresh caution-text' : 'fresh'}>
          <BoxesButton label={what} wanted={wanted}>
            {isStrong ? <b>{score(value)}</b> : score(value)}
          </BoxesButton>
        </span>
      )}
      {ends && !shown.isOld && <span className="interval">{interval(ends)}</span>}
    </td>
  );
}

/** Any set of them; the menu stays open while several are chosen. */
function ProtocolMenu(): ReactNode {
  const chosen = useScores((state) => state.columns);
  const change = useScores((state) => state.change);
  const [isOpen, setIsOpen] = useState(false);
  useAction('scores.protocols', () => setIsOpen(true));
  const set = (keys: readonly ColumnKey[]) =>
    change({ columns: ALL_COLUMNS.filter((key) => keys.includes(key)) });
  const toggle = (key: ColumnKey) => {
    const next = chosen.includes(key) ? chosen.filter((other) => other !== key) : [...chosen, key];
    if (next.length > 0) change({ columns: next });
  };
  return (
    <DropdownMenu.Root open={isOpen} onOpenChange={setIsOpen}>
      <DropdownMenu.Trigger className="button">
        Protocols <ChevronDown size={14} className="quiet-icon" aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          <DropdownMenu.Item
            className="menu-item"
            onSelect={(event) => {
              event.preventDefault();
              set(ALL_COLUMNS.filter((key) => !key.endsWith('+tf2')));
            }}
          >
            <span className="tick" />
            All eleven
          </DropdownMenu.Item>
          {ALL_COLUMNS.map((key) => (
            <DropdownMenu.CheckboxItem
              key={key}
              className="menu-item"
              checked={chosen.includes(key)}
              onCheckedChange={() => toggle(key)}
              onSelect={(event) => event.preventDefault()}
              title={PROTOCOL_DETAILS[columnOf(key).protocol]}
            >
              <span className="tick">
                <DropdownMenu.ItemIndicator>
                  <Check size={14} />
                </DropdownMenu.ItemIndicator>
              </span>
              {columnOf(key).name}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
