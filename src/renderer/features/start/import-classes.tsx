/** Classes of the files: what each becomes, or that it is left out. Two that become one are put together. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { ImportPlan } from '../../../contract/import-view';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import type { Choice } from './use-import';

interface ClassesProps {
  readonly plan: ImportPlan;
  readonly classes: Choice['classes'];
  readonly onChange: (classes: Choice['classes']) => void;
}

export function Classes({ plan, classes, onChange }: ClassesProps): ReactNode {
  const project = useSession((session) => session.project);
  const known = project?.categories ?? [];
  const most = Math.max(1, ...plan.classes.map(({ truth }) => truth));
  const becomes = (name: string): string | null => (Object.hasOwn(classes, name) ? classes[name]! : name);
  const targets = plan.classes.flatMap(({ name }) => becomes(name) ?? []);
  const change = (name: string, target: string | null) => {
    const others = Object.fromEntries(Object.entries(classes).filter(([one]) => one !== name));
    onChange(target === name ? others : { ...others, [name]: target });
  };
  return (
    <section>
      <h2>Classes{plan.subset ? ` in ${plan.subset}` : ''}</h2>
      <table className="import-classes">
        <thead>
          <tr>
            <th>In the files</th>
            <th>Becomes</th>
            <th />
            <th className="number">Truth</th>
            <th className="number">Predicted</th>
          </tr>
        </thead>
        <tbody>
          {plan.classes.map(({ name, truth, predictions }) => {
            const target = becomes(name);
            const isShared = target !== null && targets.filter((one) => one === target).length > 1;
            return (
              <tr key={name} data-excluded={target === null}>
                <td>
                  <label className="facet">
                    <input
                      type="checkbox"
                      checked={target !== null}
                      onChange={({ target: box }) => change(name, box.checked ? name : null)}
                    />
                    {name}
                  </label>
                </td>
                <td>
                  {target === null ? (
                    <span className="quiet">left out</span>
                  ) : (
                    <ClassName key={target} name={name} target={target} onChange={(to) => change(name, to)} />
                  )}
                  {isShared && <span className="quiet"> together</span>}
                </td>
                <td className="bar-cell">
                  <span className="bar" style={{ width: `${(100 * truth) / most}%` }} />
                </td>
                <td className="number">{count(truth)}</td>
                <td className="number quiet">{count(predictions)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <datalist id="known-classes">
        {[...new Set([...known.map(({ name }) => name), ...plan.classes.map(({ name }) => name)])].map(
          (name) => (
            <option key={name} value={name} />
          ),
        )}
      </datalist>
    </section>
  );
}

/** Taken when the field is left or Enter is pressed: a dry run for every letter would be none. */
function ClassName({
  name,
  target,
  onChange,
}: {
  readonly name: string;
  readonly target: string;
  readonly onChange: (target: string) => void;
}): ReactNode {
  const [text, setText] = useState(target);
  const take = () => {
    const wanted = text.trim() === '' ? name : text.trim();
    setText(wanted);
    if (wanted !== target) onChange(wanted);
  };
  return (
    <label className="field">
      <input
        aria-label={`${name} becomes`}
        list="known-classes"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === 'Enter' && take()}
      />
    </label>
  );
}
