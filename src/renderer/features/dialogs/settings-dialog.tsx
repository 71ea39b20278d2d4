import type { ReactNode } from 'react';
import type { Settings } from '../../../contract/view-types';
import { changeSettings } from '../../state/settings';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { Segmented } from '../../ui/segmented';
import { Switch } from '../../ui/switch';

const APPEARANCES = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const satisfies readonly { readonly value: Settings['appearance']; readonly label: string }[];
const DENSITIES = [
  { value: 'comfortable', label: 'Comfortable' },
  { value: 'compact', label: 'Compact' },
] as const satisfies readonly { readonly value: Settings['density']; readonly label: string }[];

export function SettingsDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const settings = useSession((session) => session.settings);
  const set = (change: Partial<Settings>) => void changeSettings(change);
  return (
    <Dialog title="Settings" onClose={onClose}>
      <fieldset className="settings">
        <legend>Look</legend>
        <div className="setting">
          <span className="grow">Appearance</span>
          <Segmented
            label="Appearance"
            value={settings.appearance}
            options={APPEARANCES}
            onChange={(appearance) => set({ appearance })}
          />
        </div>
        <div className="setting">
          <span className="grow">Rows</span>
          <Segmented
            label="Rows"
            value={settings.density}
            options={DENSITIES}
            onChange={(density) => set({ density })}
          />
        </div>
        <Switch
          label="High contrast"
          detail="Stronger lines and text"
          isOn={settings.highContrast}
          onChange={(highContrast) => set({ highContrast })}
        />
      </fieldset>
      <fieldset className="settings">
        <legend>Keyboard and review</legend>
        <Switch
          label="Single letters are shortcuts"
          detail="Off, only keys with Ctrl or Alt and function keys act"
          isOn={settings.singleKeys}
          onChange={(singleKeys) => set({ singleKeys })}
        />
        <Switch
          label="Go on once an image is reviewed"
          detail="Space marks the image and opens the next"
          isOn={settings.advanceAfterReview}
          onChange={(advanceAfterReview) => set({ advanceAfterReview })}
        />
        <Switch
          label="Keep the zoom between images"
          detail="Off, every image is shown whole first"
          isOn={settings.keepZoom}
          onChange={(keepZoom) => set({ keepZoom })}
        />
      </fieldset>
    </Dialog>
  );
}
