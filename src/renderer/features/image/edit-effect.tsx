/** What the last edit did to the score, class by class. */
import type { ReactNode } from 'react';
import type { ScoreState } from '../../../contract/view-types';
import { changeText, plural, scoreText } from './number-text';

/** Classes that changed are named one by one up to here. */
const MOST_NAMED = 4;

export function EditEffect({ score }: { readonly score: ScoreState }): ReactNode {
  const { before, work } = score;
  if (!before) return null;
  const changed = score.classes.filter(({ id }) => id !== null && id in before.classes);
  const same = score.classes.length - changed.length;
  return (
    <section aria-labelledby="effect-title" data-testid="edit-effect">
      <header>
        <h2 id="effect-title">What this edit did</h2>
      </header>
      <div className="effect">
        <EffectRow name={score.metric} before={before.value} after={score.value} />
        {changed.slice(0, MOST_NAMED).map((row) => (
          <EffectRow
            key={row.id}
            name={`AP of ${row.name ?? 'all classes'}`}
            before={before.classes[row.id ?? 0] ?? null}
            after={row.AP}
          />
        ))}
        {changed.length > MOST_NAMED && (
          <>
            <span>{plural(changed.length - MOST_NAMED, 'other class', 'other classes')}</span>
            <span />
            <span className="quiet number">changed</span>
          </>
        )}
        {same > 0 && (
          <>
            <span>{plural(same, 'other class', 'other classes')}</span>
            <span />
            <span className="quiet number">unchanged</span>
          </>
        )}
      </div>
      {work && (
        <p className="quiet small">
          {plural(work.images, 'image')}, {plural(work.classes, 'class', 'classes')} matched again in{' '}
          {work.milliseconds < 10 ? work.milliseconds.toFixed(1) : Math.round(work.milliseconds)} ms; exact.
        </p>
      )}
    </section>
  );
}

function EffectRow(props: {
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
}): ReactNode {
  const change = changeText(props.before, props.after);
  return (
    <>
      <span className="name">{props.name}</span>
      <span className="quiet number">{scoreText(props.before)}</span>
      <span className={change === 'unchanged' ? 'quiet number' : 'strong number'}>{change}</span>
    </>
  );
}
