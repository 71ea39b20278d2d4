/** The image as a whole: its name and size, its review status, its note. */
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { ImageDetail, ReviewStatus } from '../../../contract/view-types';
import { REVIEW_STATUSES } from '../../../contract/view-types';
import type { ImageController } from './image-controller';
import { STATUS_WORDS } from './outcome-words';

export interface ReviewSectionProps {
  readonly detail: ImageDetail;
  readonly controller: ImageController;
}

export function ReviewSection({ detail, controller }: ReviewSectionProps): ReactNode {
  return (
    <section className="review" aria-labelledby="review-title">
      <header>
        <h2 id="review-title">Image</h2>
        <span className="quiet end">
          {detail.width} × {detail.height} px
        </span>
      </header>
      <p className="file-name" title={detail.name}>
        {detail.name}
      </p>
      <label className="field">
        <span>Review</span>
        <select
          value={detail.status}
          data-testid="review-status"
          onChange={(event) => void controller.review(event.target.value as ReviewStatus)}
        >
          {REVIEW_STATUSES.map((status) => (
            <option key={status} value={status}>
              {STATUS_WORDS[status]}
            </option>
          ))}
        </select>
      </label>
      <NoteField key={detail.image} note={detail.note} onWrite={(note) => controller.writeNote(note)} />
    </section>
  );
}

/** Id of the note's field, for the action that goes there. */
export const NOTE_FIELD = 'image-note';

/** Written when it is left (or with Ctrl+Enter), so that a note is one step of the history. */
function NoteField({
  note,
  onWrite,
}: {
  readonly note: string;
  readonly onWrite: (note: string) => void;
}): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const latest = useRef({ typed, onWrite });
  useEffect(() => {
    latest.current = { typed, onWrite };
  });
  // Going to another image while writing keeps what was written.
  useEffect(
    () => () => {
      const { typed: left, onWrite: write } = latest.current;
      if (left !== null) write(left);
    },
    [],
  );
  const finish = (): void => {
    if (typed !== null) onWrite(typed.trim());
    setTyped(null);
  };
  return (
    <label className="field note">
      <span>Note</span>
      <textarea
        id={NOTE_FIELD}
        rows={2}
        maxLength={10_000}
        value={typed ?? note}
        placeholder="What should the next reader know?"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={finish}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') setTyped(null);
          if (event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey)))
            event.currentTarget.blur();
        }}
      />
    </label>
  );
}
