import type { ReactNode } from 'react';

export interface SwitchProps {
  readonly label: string;
  /** What it does, where the label alone does not say it. */
  readonly detail?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** A box to tick, with its label. */
export function Switch({ label, detail, isOn, onChange }: SwitchProps): ReactNode {
  return (
    <label className="facet">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {detail && <span className="quiet detail"> {detail}</span>}
      </span>
    </label>
  );
}
