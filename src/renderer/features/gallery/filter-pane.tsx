/** The filters: each value with its count under all other filters. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { GalleryFilter, GallerySummary, ReviewStatus, TileOutcome } from '../../../contract/view-types';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import { OutcomeGlyph } from '../../ui/outcome-glyph';
import { OUTCOME_NAMES, OUTCOME_ORDER, STATUS_ORDER, STATUS_WORDS } from '../../ui/words';
import type { GalleryKind } from './gallery-state';
import { useGallery } from './gallery-state';
import { showView } from './saved-views';
import { toggled } from './toggled';

const FAILURES: readonly TileOutcome[] = ['false-positive', 'miss', 'wrong-class', 'loose-box', 'duplicate'];
const SIZES = [
  ['small', 'Small, under 32²'],
  ['medium', 'Medium'],
  ['large', 'Large, from 96²'],
] as const;

export function FilterPane({
  kind,
  summary,
}: {
  readonly kind: GalleryKind;
  readonly summary: GallerySummary | null;
}): ReactNode {
  const filter = useGallery((state) => state[kind].filter);
  const change = useGallery((state) => state.change);
  const categories = useSession((session) => session.project?.categories) ?? [];
  const set = (next: Partial<GalleryFilter>) => change(kind, { filter: { ...filter, ...next }, cursor: 0 });
  const facets = summary?.facets;
  const allOutcomes = kind === 'failures' ? FAILURES : OUTCOME_ORDER;
  const isOn = (outcome: TileOutcome): boolean =>
    filter.outcomes?.includes(outcome) ?? allOutcomes.includes(outcome);
  const toggleOutcome = (outcome: TileOutcome) => {
    const next = (filter.outcomes ?? allOutcomes).includes(outcome)
      ? (filter.outcomes ?? allOutcomes).filter((one) => one !== outcome)
      : [...(filter.outcomes ?? allOutcomes), outcome];
    const isStart = next.length === allOutcomes.length && allOutcomes.every((one) => next.includes(one));
    set({ outcomes: isStart ? null : next });
  };
  const ids = categories.map(({ id }) => id);
  return (
    <aside className="filters" data-pane aria-label="Filters">
      <Group title="Outcome">
        {OUTCOME_ORDER.map((outcome) => (
          <Row
            key={outcome}
            label={OUTCOME_NAMES[outcome]}
            glyph={<OutcomeGlyph outcome={outcome} />}
            count={facets?.outcomes[outcome]}
            isOn={isOn(outcome)}
            onToggle={() => toggleOutcome(outcome)}
          />
        ))}
      </Group>
      <Group title="Class">
        {categories.map(({ id, name }) => (
          <Row
            key={id}
            label={name}
            count={facets?.categories.find((one) => one.id === id)?.count}
            isOn={filter.categories?.includes(id) ?? true}
            onToggle={() => set({ categories: toggled(filter.categories, id, ids) })}
          />
        ))}
      </Group>
      <Group title="Size, COCO">
        {SIZES.map(([size, label]) => (
          <Row
            key={size}
            label={label}
            count={facets?.sizes[size]}
            isOn={filter.sizes?.includes(size) ?? true}
            onToggle={() =>
              set({
                sizes: toggled(
                  filter.sizes,
                  size,
                  SIZES.map(([one]) => one),
                ),
              })
            }
          />
        ))}
      </Group>
      {kind === 'failures' && (
        <Group title="Confidence">
          <ConfidenceRange range={filter.confidence} onChange={(confidence) => set({ confidence })} />
        </Group>
      )}
      <Group title="Review">
        {STATUS_ORDER.map((status: ReviewStatus) => (
          <Row
            key={status}
            label={capital(STATUS_WORDS[status])}
            count={facets?.statuses[status]}
            isOn={filter.statuses?.includes(status) ?? true}
            onToggle={() => set({ statuses: toggled(filter.statuses, status, STATUS_ORDER) })}
          />
        ))}
      </Group>
      <SavedViews kind={kind} />
    </aside>
  );
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <fieldset>
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

/** From and to, inclusive; all of it is no filter. */
function ConfidenceRange({
  range,
  onChange,
}: {
  readonly range: readonly [number, number] | null;
  readonly onChange: (range: readonly [number, number] | null) => void;
}): ReactNode {
  const [from, to] = range ?? [0, 1];
  const set = (nextFrom: number, nextTo: number) => {
    if (![nextFrom, nextTo].every((value) => value >= 0 && value <= 1) || nextFrom > nextTo) return;
    onChange(nextFrom === 0 && nextTo === 1 ? null : [nextFrom, nextTo]);
  };
  return (
    <div className="range-fields">
      <input
        type="number"
        min={0}
        max={to}
        step={0.05}
        value={from}
        aria-label="Confidence from"
        onChange={(event) => set(event.target.valueAsNumber, to)}
      />
      <span className="quiet">to</span>
      <input
        type="number"
        min={from}
        max={1}
        step={0.05}
        value={to}
        aria-label="Confidence to"
        onChange={(event) => set(from, event.target.valueAsNumber)}
      />
    </div>
  );
}

interface RowProps {
  readonly label: string;
  readonly glyph?: ReactNode;
  readonly count: number | undefined;
  readonly isOn: boolean;
  readonly onToggle: () => void;
}

function Row({ label, glyph, count: value, isOn, onToggle }: RowProps): ReactNode {
  return (
    <label className="facet" data-empty={value === 0}>
      <input type="checkbox" checked={isOn} onChange={onToggle} />
      {glyph}
      <span className="grow clip">{label}</span>
      <span className="number">{value === undefined ? '' : count(value)}</span>
    </label>
  );
}

function SavedViews({ kind }: { readonly kind: GalleryKind }): ReactNode {
  const views = (useSession((session) => session.project?.views) ?? []).filter(
    ({ query }) => query.kind === kind,
  );
  if (views.length === 0) return null;
  return (
    <fieldset>
      <legend>Saved views</legend>
      {views.map(({ id, name, query }) => (
        <div key={id} className="facet">
          <button type="button" className="link grow clip" onClick={() => showView(query)}>
            {name}
          </button>
          <button
            type="button"
            className="bar-button icon small"
            aria-label={`Remove the view ${name}`}
            onClick={() => void engine('views.remove', { view: id })}
          >
            <X size={12} />
          </button>
        </div>
      ))}
    </fieldset>
  );
}
