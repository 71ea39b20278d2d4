import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

export interface Option<T> {
  readonly value: T;
  readonly label: string;
}

export interface SelectProps<T> {
  readonly label: string;
  readonly value: T | null;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
  readonly prefix?: ReactNode;
}

/** A choice of one, as a button that opens a menu. */
export function Select<T extends string | number>({
  label,
  value,
  options,
  onChange,
  prefix,
}: SelectProps<T>): ReactNode {
  const chosen = options.find((option) => option.value === value);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="bar-button" aria-label={`${label} ${chosen?.label ?? 'none'}`}>
        {prefix}
        {prefix ? ' ' : null}
        <span className="chosen">{chosen?.label ?? '–'}</span>
        <ChevronDown size={14} className="quiet-icon" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="start" sideOffset={4}>
          <DropdownMenu.RadioGroup
            value={String(value)}
            onValueChange={(text) => onChange(options.find((option) => String(option.value) === text)!.value)}
          >
            {options.map((option) => (
              <DropdownMenu.RadioItem key={option.value} value={String(option.value)} className="menu-item">
                <span className="tick">
                  <DropdownMenu.ItemIndicator>
                    <Check size={14} />
                  </DropdownMenu.ItemIndicator>
                </span>
                {option.label}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
