/** What is shown or selected, what runs, and the keys that matter here. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useGallery } from '../features/gallery/gallery-state';
import { engine } from '../state/engine-client';
import type { Section } from '../state/session-state';
import { useSession } from '../state/session';
import { Kbd } from '../ui/kbd';
import { count, seconds } from '../ui/number-text';
import { hintsOf } from './key-hints';
import { isSingleKey } from './key-names';
import { runAction, useActions } from './use-action';

/** Jobs that find room in one line; the next is told of when one of them has ended. */
const MOST_JOBS = 2;

export function StatusBar(): ReactNode {
  const section = useSession((session) => session.section);
  return (
    <footer className="statusbar">
      {/* The image view writes into the slot what its tools and arrows do. */}
      {section === 'image' ? <div id="status-slot" /> : <Place section={section} />}
      <Jobs />
      <Hints section={section} />
      <button type="button" className="hint" onClick={() => runAction('help.shortcuts')}>
        <Kbd of="?" /> all keys
      </button>
    </footer>
  );
}

/** Of what can be done now; those that find no room beside what is said on the left are not shown. */
function Hints({ section }: { readonly section: Section }): ReactNode {
  const actions = useActions((state) => state.actions);
  const hasSingleKeys = useSession((session) => session.settings.singleKeys);
  const hints = hintsOf(section).filter(
    ({ keys, while: action }) =>
      actions.get(action)?.isEnabled && (hasSingleKeys || !keys.some((key) => isSingleKey(key))),
  );
  return (
    <span className="hints">
      {hints.map(({ keys, what }) => (
        <span key={what} className="hint">
          {keys.map((key) => (
            <Kbd key={key} of={key} />
          ))}{' '}
          {what}
        </span>
      ))}
    </span>
  );
}

function Place({ section }: { readonly section: Section }): ReactNode {
  const project = useSession((session) => session.project);
  if (section === 'failures' || section === 'images') return <TilePlace kind={section} />;
  if (!project || section === 'start' || section === 'import') return <b>Ready</b>;
  return (
    <span>
      <b>{count(project.images)}</b> images, <b>{count(project.annotations)}</b> boxes
    </span>
  );
}

function TilePlace({ kind }: { readonly kind: 'failures' | 'images' }): ReactNode {
  const { cursor, matching } = useGallery((state) => state[kind]);
  if (matching === 0) return <b>No tiles</b>;
  return (
    <span>
      <b>Tile {count(cursor + 1)}</b> of {count(matching)}
    </span>
  );
}

function Jobs(): ReactNode {
  const jobs = useSession((session) => session.jobs);
  return (
    <>
      {jobs.slice(0, MOST_JOBS).map(({ job, title, stage, done, total, perSecond, secondsLeft }) => (
        <span key={job} className="job" role="status">
          <b>{stage ?? title}</b>
          <progress aria-label={title} {...(total ? { max: total, value: done ?? 0 } : {})} />
          {total ? `${count(done ?? 0)} of ${count(total)}` : ''}
          {perSecond ? `, ${count(Math.round(perSecond))}/s` : ''}
          {secondsLeft ? `, ${seconds(secondsLeft)} left` : ''}
          {/* What tells nothing of itself is short and cannot be cancelled. */}
          {stage !== undefined && (
            <button
              type="button"
              className="bar-button icon small"
              aria-label={`Cancel: ${title}`}
              title="Cancel"
              onClick={() => void engine('job.cancel', { job }).catch(useSession.getState().showFailure)}
            >
              <X size={12} />
            </button>
          )}
        </span>
      ))}
      {jobs.length > MOST_JOBS && <span>and {jobs.length - MOST_JOBS} more</span>}
    </>
  );
}
