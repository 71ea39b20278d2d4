/** Search, filters that are on, order, and how many match and of what. */
import { ArrowDownWideNarrow, ArrowUpNarrowWide, Bookmark, Search, SlidersHorizontal, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { GalleryFilter, GallerySort, GallerySummary } from '../../../contract/view-types';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import { Select } from '../../ui/select';
import { activeFilters } from './active-filters';
import type { GalleryKind } from './gallery-state';
import { useGallery } from './gallery-state';

const SORTS: readonly { readonly value: GallerySort; readonly label: string }[] = [
  { value: 'gain', label: 'Cost in AP' },
  { value: 'failures', label: 'Failures of the image' },
  { value: 'confidence', label: 'Confidence' },
  { value: 'iou', label: 'IoU' },
  { value: 'size', label: 'Size' },
  { value: 'name', label: 'File name' },
];

interface ToolRowProps {
  readonly kind: GalleryKind;
  readonly summary: GallerySummary | null;
}

export function ToolRow({ kind, summary }: ToolRowProps): ReactNode {
  const filter = useGallery((state) => state[kind].filter);
  const change = useGallery((state) => state.change);
  const setSection = useSession((session) => session.setSection);
  const setFilter = (next: Partial<GalleryFilter>) =>
    change(kind, { filter: { ...filter, ...next }, cursor: 0 });
  return (
    <>
      <div className="tool-row">
        <ActionButton action="view.toggleFilters" isIcon>
          <SlidersHorizontal size={16} />
        </ActionButton>
        <label className="search-field">
          <Search size={14} aria-hidden="true" />
          <input
            type="search"
            placeholder="File name or note"
            aria-label="File name or note"
            value={filter.text}
            onChange={(event) => setFilter({ text: event.target.value })}
          />
        </label>
        <SaveView kind={kind} />
        <span className="grow" />
        <Matches kind={kind} summary={summary} />
        <Order kind={kind} />
        <div className="segmented" role="group" aria-label="Tiles">
          <button type="button" aria-pressed={kind === 'failures'} onClick={() => setSection('failures')}>
            Failures
          </button>
          <button type="button" aria-pressed={kind === 'images'} onClick={() => setSection('images')}>
            Images
          </button>
        </div>
      </div>
      <Chips kind={kind} setFilter={setFilter} />
    </>
  );
}

function Matches({ kind, summary }: ToolRowProps): ReactNode {
  return (
    <span className="matches" data-testid="matches" aria-live="polite">
      {summary && (
        <>
          <b>{count(summary.matching)}</b> of <b>{count(summary.total)}</b>{' '}
          {kind === 'failures' ? 'failures in ' : 'images'}
          {kind === 'failures' && (
            <>
              <b>{count(summary.matchingImages)}</b> of {count(summary.totalImages)} images
            </>
          )}
        </>
      )}
    </span>
  );
}

function Order({ kind }: { readonly kind: GalleryKind }): ReactNode {
  const { sort, descending } = useGallery((state) => state[kind]);
  const change = useGallery((state) => state.change);
  const Icon = descending ? ArrowDownWideNarrow : ArrowUpNarrowWide;
  return (
    <span className="row tight">
      <button
        type="button"
        className="bar-button icon"
        aria-label={descending ? 'Highest first' : 'Lowest first'}
        title={descending ? 'Highest first' : 'Lowest first'}
        onClick={() => change(kind, { descending: !descending, cursor: 0 })}
      >
        <Icon size={16} />
      </button>
      <Select
        label="Sort by"
        value={sort}
        options={
          kind === 'failures' ? SORTS : SORTS.filter(({ value }) => value !== 'iou' && value !== 'gain')
        }
        onChange={(value) => change(kind, { sort: value, cursor: 0 })}
      />
    </span>
  );
}

/** What is filtered stays in sight, also where the pane is folded. */
function Chips({
  kind,
  setFilter,
}: {
  readonly kind: GalleryKind;
  readonly setFilter: (next: Partial<GalleryFilter>) => void;
}): ReactNode {
  const filter = useGallery((state) => state[kind].filter);
  const categories = useSession((session) => session.project?.categories) ?? [];
  const active = activeFilters(filter, categories);
  if (active.length === 0) return null;
  return (
    <div className="chip-row" role="group" aria-label="Filters that are on">
      {active.map(({ label, without }) => (
        <button
          key={label}
          type="button"
          className="chip filter"
          aria-label={`Take away the filter ${label}`}
          onClick={() => setFilter(without)}
        >
          {label}
          <X size={12} aria-hidden="true" />
        </button>
      ))}
      {active.length > 1 && (
        <ActionButton action="view.clearFilters" isLink>
          Clear all
        </ActionButton>
      )}
    </div>
  );
}

function SaveView({ kind }: { readonly kind: GalleryKind }): ReactNode {
  const [name, setName] = useState<string | null>(null);
  useAction('view.saveView', () => setName(''));
  const save = async () => {
    const { run, protocol, point, showFailure, showToast } = useSession.getState();
    const { filter, sort, descending } = useGallery.getState()[kind];
    const text = (name ?? '').trim();
    setName(null);
    if (text === '') return;
    try {
      await engine('views.save', {
        name: text,
        query: { kind, run, protocol, point, filter, sort, descending },
      });
      showToast(`The view “${text}” is saved: its rule, not its result.`);
    } catch (error) {
      showFailure(error);
    }
  };
  if (name === null)
    return (
      <ActionButton action="view.saveView" isIcon>
        <Bookmark size={16} />
      </ActionButton>
    );
  return (
    <form
      className="search-field"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Bookmark size={14} aria-hidden="true" />
      <input
        autoFocus
        aria-label="Name of the view"
        placeholder="Name of the view, Enter"
        value={name}
        onChange={(event) => setName(event.target.value)}
        onBlur={() => setName(null)}
        onKeyDown={(event) => event.key === 'Escape' && setName(null)}
      />
    </form>
  );
}
