import type { ReactNode } from 'react';
import type { ActionId } from '../../contract/actions';
import { ACTIONS } from '../../contract/actions';
import { Kbd } from '../ui/kbd';
import { runAction, useActions } from './use-action';

export interface ActionButtonProps {
  readonly action: ActionId;
  readonly children?: ReactNode;
  readonly isPrimary?: boolean;
  readonly isIcon?: boolean;
  readonly showsKey?: boolean;
  /** Words only, as in running text. */
  readonly isLink?: boolean;
}

/** A button that runs an action; off where the action cannot be done. */
export function ActionButton({
  action,
  children,
  isPrimary = false,
  isIcon = false,
  showsKey = false,
  isLink = false,
}: ActionButtonProps): ReactNode {
  const isEnabled = useActions(({ actions }) => actions.get(action)?.isEnabled ?? false);
  const { title, keys } = ACTIONS[action];
  const [key] = keys;
  const className = isIcon ? 'bar-button icon' : isLink ? 'link' : isPrimary ? 'button primary' : 'button';
  return (
    <button
      type="button"
      className={className}
      disabled={!isEnabled}
      aria-label={isIcon ? title : undefined}
      title={key ? `${title} (${key.replace('Mod', 'Ctrl')})` : title}
      onClick={() => runAction(action)}
    >
      {children ?? title}
      {showsKey && key && <Kbd of={key} />}
    </button>
  );
}
