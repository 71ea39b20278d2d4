/** What is shown or selected, what runs, and the keys that matter here. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useGallery } from '../features/gallery/gallery-state';
import { engine } from '../state/engine-client';
import type { Section } from '../state/session-state';
import { useSession } from '../state/session';
import { Kbd } from '../ui/kbd';
import { count, seconds } from '../ui/number-text';
import { runAction } from './use-action';

type Hint = readonly [keys: readonly string[], what: string];
const TILES: readonly Hint[] = [
  [['ArrowLeft', 'ArrowRight'], 'tile'],
  [['Space'], 'select'],
  [['Shift'], 'hold: hide boxes'],
  [['-', '='], 'tile size'],
];
const HINTS: Readonly<Partial<Record<Section, readonly Hint[]>>> = {
  start: [
    [['Mod+O'], 'import a folder'],
    [['Mod+Shift+O'], 'open'],
    [['Mod+K'], 'commands'],
  ],
  causes: [
    [['ArrowUp', 'ArrowDown'], 'cause'],
    [['E'], 'open images'],
    [['F'], 'fix queue'],
    [['R'], 'repair'],
    [['A'], 'accept'],
  ],
  fixes: [
    [['Enter'], 'accept'],
    [['X'], 'dismiss'],
    [['J', 'K'], 'next, previous'],
    [['E'], 'open image'],
    [['Mod+Z'], 'undo'],
  ],
  failures: [...TILES, [['G'], 'images']],
  images: [...TILES, [['G'], 'failures']],
  image: [
    [['Shift+ArrowRight'], 'next failure'],
    [['Enter'], 'accept'],
    [['W'], 'draw'],
  ],
  metrics: [
    [['Enter'], 'boxes behind a number'],
    [['[', ']'], 'operating point'],
    [['Mod+C'], 'copy table'],
  ],
  compare: [
    [['J', 'K'], 'next, previous'],
    [['B'], 'blink A and B'],
    [['E'], 'fix label'],
    [['X'], 'dismiss'],
  ],
  data: [
    [['ArrowUp', 'ArrowDown'], 'difference'],
    [['E'], 'open images'],
    [['Mod+C'], 'copy numbers'],
  ],
  training: [
    [['ArrowLeft', 'ArrowRight'], 'evaluation'],
    [['L'], 'linear or logarithmic'],
    [['Mod+C'], 'copy corrected configuration'],
  ],
  history: [
    [['Mod+Z'], 'undo'],
    [['Mod+Y'], 'redo'],
  ],
};

export function StatusBar(): ReactNode {
  const section = useSession((session) => session.section);
  return (
    <footer className="statusbar">
      {/* The image view writes into the slot what its tools and arrows do. */}
      {section === 'image' ? <div id="status-slot" /> : <Place section={section} />}
      <Jobs />
      <span className="grow" />
      {(HINTS[section] ?? []).map(([keys, what]) => (
        <span key={what} className="hint">
          {keys.map((key) => (
            <Kbd key={key} of={key} />
          ))}{' '}
          {what}
        </span>
      ))}
      <button type="button" className="hint" onClick={() => runAction('help.shortcuts')}>
        <Kbd of="?" /> all keys
      </button>
    </footer>
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
      {jobs.map(({ job, title, stage, done, total, perSecond, secondsLeft }) => (
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
    </>
  );
}
