/** The order in which classes are numbered. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { Switch } from '../../ui/switch';

interface ClassOrderProps {
  readonly names: readonly string[];
  /** Empty: as they are. */
  readonly order: readonly string[];
  readonly onChange: (order: readonly string[]) => void;
}

export function ClassOrder({ names, order, onChange }: ClassOrderProps): ReactNode {
  if (names.length < 2) return null;
  const move = (at: number, by: -1 | 1) => {
    const moved = [...order];
    [moved[at], moved[at + by]] = [moved[at + by]!, moved[at]!];
    onChange(moved);
  };
  return (
    <fieldset className="settings">
      <legend>Classes</legend>
      <Switch
        label="Number them anew"
        detail="In the order below; otherwise they keep their numbers"
        isOn={order.length > 0}
        onChange={(isOn) => onChange(isOn ? names : [])}
      />
      {order.length > 0 && (
        <ol className="class-order">
          {order.map((name, at) => (
            <li key={name}>
              <span className="grow clip">{name}</span>
              <button
                type="button"
                className="bar-button icon"
                aria-label={`${name} up`}
                disabled={at === 0}
                onClick={() => move(at, -1)}
              >
                <ArrowUp size={14} />
              </button>
              <button
                type="button"
                className="bar-button icon"
                aria-label={`${name} down`}
                disabled={at === order.length - 1}
                onClick={() => move(at, 1)}
              >
                <ArrowDown size={14} />
              </button>
            </li>
          ))}
        </ol>
      )}
    </fieldset>
  );
}
