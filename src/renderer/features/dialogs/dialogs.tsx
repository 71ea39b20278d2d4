/** What opens over the page, one at a time. */
import { Command } from 'cmdk';
import { Dialog as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { ActionId } from '../../../contract/actions';
import { ACTIONS, MENUS } from '../../../contract/actions';
import type { Component, ExportFormat, ExportPlan, ImageKey, Settings } from '../../../contract/view-types';
import { runAction, useActions } from '../../app/use-action';
import { app } from '../../state/app-client';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { Kbd } from '../../ui/kbd';
import { count } from '../../ui/number-text';

export function Dialogs(): ReactNode {
  const overlay = useSession((session) => session.overlay);
  const setOverlay = useSession((session) => session.setOverlay);
  const close = () => setOverlay(null);
  switch (overlay) {
    case 'palette':
      return <Palette onClose={close} />;
    case 'find':
      return <FindImage onClose={close} />;
    case 'shortcuts':
      return <Shortcuts onClose={close} />;
    case 'settings':
      return <SettingsDialog onClose={close} />;
    case 'about':
      return <About onClose={close} />;
    case 'export':
      return <ExportDialog onClose={close} />;
    case 'runs':
      return <Runs onClose={close} />;
    case 'categories':
      return <Categories onClose={close} />;
    case null:
      return null;
  }
}

interface Closable {
  readonly onClose: () => void;
}

function Finder({
  label,
  onClose,
  children,
  onSearch,
  isFiltered = true,
}: Closable & {
  readonly label: string;
  readonly children: ReactNode;
  readonly onSearch?: (text: string) => void;
  readonly isFiltered?: boolean;
}): ReactNode {
  return (
    <Base.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Overlay className="scrim" />
        <Base.Content className="palette" aria-describedby={undefined}>
          <Base.Title className="visually-hidden">{label}</Base.Title>
          <Command label={label} shouldFilter={isFiltered}>
            <Command.Input placeholder={label} autoFocus {...(onSearch ? { onValueChange: onSearch } : {})} />
            <Command.List>
              <Command.Empty>Nothing matches</Command.Empty>
              {children}
            </Command.List>
          </Command>
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}

function Palette({ onClose }: Closable): ReactNode {
  const actions = useActions((state) => state.actions);
  return (
    <Finder label="Command palette" onClose={onClose}>
      {MENUS.map((menu) => (
        <Command.Group key={menu} heading={menu}>
          {(Object.keys(ACTIONS) as ActionId[])
            .filter((id) => ACTIONS[id].menu === menu && actions.get(id)?.isEnabled)
            .map((id) => (
              <Command.Item
                key={id}
                value={`${ACTIONS[id].title} ${id}`}
                onSelect={() => {
                  onClose();
                  // After the palette has gone: actions may open a dialog or need the focus where it was.
                  setTimeout(() => runAction(id));
                }}
              >
                <span className="grow">{ACTIONS[id].title}</span>
                {ACTIONS[id].keys[0] && <Kbd of={ACTIONS[id].keys[0]} />}
              </Command.Item>
            ))}
        </Command.Group>
      ))}
    </Finder>
  );
}

function FindImage({ onClose }: Closable): ReactNode {
  const [found, setFound] = useState<readonly { image: ImageKey; name: string }[]>([]);
  const search = (text: string) => {
    engine('image.find', { text, limit: 50 }).then(setFound, (error: unknown) =>
      useSession.getState().showFailure(error),
    );
  };
  useEffect(() => search(''), []);
  return (
    <Finder label="Find an image by name" onClose={onClose} onSearch={search} isFiltered={false}>
      {found.map(({ image, name }) => (
        <Command.Item
          key={image}
          value={name}
          onSelect={() => {
            onClose();
            useSession.getState().openImage(image, { queue: found.map((one) => one.image) });
          }}
        >
          {name}
        </Command.Item>
      ))}
    </Finder>
  );
}

function Shortcuts({ onClose }: Closable): ReactNode {
  return (
    <Dialog title="All keys" onClose={onClose} isWide>
      <div className="shortcut-columns">
        {MENUS.map((menu) => (
          <section key={menu}>
            <h2>{menu}</h2>
            {Object.values(ACTIONS)
              .filter((action) => action.menu === menu && action.keys.length > 0)
              .map(({ title, keys, scope }) => (
                <div key={title} className="shortcut">
                  <span className="grow">
                    {title}{' '}
                    {scope === 'gallery' || scope === 'image' ? (
                      <span className="quiet">({scope})</span>
                    ) : null}
                  </span>
                  {keys.map((key) => (
                    <Kbd key={key} of={key} />
                  ))}
                </div>
              ))}
          </section>
        ))}
        <section>
          <h2>Without an entry</h2>
          <div className="shortcut">
            <span className="grow">Hide all boxes</span> hold <Kbd of="Shift" />
          </div>
          <div className="shortcut">
            <span className="grow">Back, one layer at a time</span> <Kbd of="Esc" />
          </div>
          <div className="shortcut">
            <span className="grow">Select a tile</span> <Kbd of="Space" />
          </div>
        </section>
      </div>
    </Dialog>
  );
}

function SettingsDialog({ onClose }: Closable): ReactNode {
  const settings = useSession((session) => session.settings);
  const showFailure = useSession((session) => session.showFailure);
  const set = (change: Partial<Settings>) =>
    void app('settings.set', change).then((next) => useSession.setState({ settings: next }), showFailure);
  return (
    <Dialog title="Settings" onClose={onClose}>
      <fieldset>
        <legend>Appearance</legend>
        {(['system', 'light', 'dark'] as const).map((value) => (
          <label key={value} className="facet">
            <input
              type="radio"
              name="appearance"
              checked={settings.appearance === value}
              onChange={() => set({ appearance: value })}
            />
            {value === 'system' ? 'As the system' : value === 'light' ? 'Light' : 'Dark'}
          </label>
        ))}
        <Switch
          label="High contrast"
          isOn={settings.highContrast}
          onChange={(highContrast) => set({ highContrast })}
        />
        <Switch
          label="Compact rows"
          isOn={settings.density === 'compact'}
          onChange={(isOn) => set({ density: isOn ? 'compact' : 'comfortable' })}
        />
      </fieldset>
      <fieldset>
        <legend>Keyboard and review</legend>
        <Switch
          label="Single letters are shortcuts"
          isOn={settings.singleKeys}
          onChange={(singleKeys) => set({ singleKeys })}
        />
        <Switch
          label="Go to the next image once one is reviewed"
          isOn={settings.advanceAfterReview}
          onChange={(advanceAfterReview) => set({ advanceAfterReview })}
        />
      </fieldset>
    </Dialog>
  );
}

function Switch({
  label,
  isOn,
  onChange,
}: {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}): ReactNode {
  return (
    <label className="facet">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

function About({ onClose }: Closable): ReactNode {
  const [info, setInfo] = useState<{ version: string; components: Component[]; logs: string } | null>(null);
  useEffect(() => {
    app('app.info', {}).then(setInfo, (error: unknown) => useSession.getState().showFailure(error));
  }, []);
  return (
    <Dialog title="About Reticle" onClose={onClose} isWide>
      <p>
        Reticle {info?.version} says, offline, why an object detector’s score is low and what to fix first.
      </p>
      <table>
        <thead>
          <tr>
            <th>Part</th>
            <th>Version</th>
            <th>State</th>
          </tr>
        </thead>
        <tbody>
          {info?.components.map(({ name, version, present, detail, fix }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{version ?? '–'}</td>
              <td>
                {present ? 'present' : 'not present'}
                {detail && `: ${detail}`}
                {fix && <p className="quiet">{fix}</p>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {info && <p className="quiet">Log: {info.logs}</p>}
    </Dialog>
  );
}

const FORMATS: readonly { readonly format: ExportFormat; readonly name: string; readonly suffix: string }[] =
  [
    { format: 'coco', name: 'COCO JSON', suffix: '.json' },
    { format: 'voc', name: 'Pascal VOC folder', suffix: '-voc' },
    { format: 'csv', name: 'CSV (TensorFlow tutorial)', suffix: '.csv' },
  ];

function ExportDialog({ onClose }: Closable): ReactNode {
  const name = useSession((session) => session.project?.name ?? 'labels');
  const [format, setFormat] = useState<ExportFormat>('coco');
  const [plan, setPlan] = useState<ExportPlan | null>(null);
  const [allowLoss, setAllowLoss] = useState(false);
  const [copyImages, setCopyImages] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    engine('export.plan', { format }).then(
      (answer) => isCurrent && setPlan(answer),
      (error: unknown) => useSession.getState().showFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [format]);
  const start = async () => {
    const { suffix } = FORMATS.find((one) => one.format === format)!;
    const path = await app('dialog.save', { kind: format, suggestedName: `${name}-labels${suffix}` });
    if (!path) return;
    onClose();
    const { runJob, showToast } = useSession.getState();
    const done = await runJob('Exporting', (job) =>
      engine('export.run', { job, format, path, allowLoss, copyImages }),
    );
    if (!done) return;
    showToast(
      `Exported ${count(done.annotations)} boxes of ${count(done.images)} images; read back and compared.`,
    );
    void app('file.reveal', { path: done.path });
  };
  const losses = plan?.format === format ? plan.losses : [];
  return (
    <Dialog
      title="Export labels"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            disabled={losses.length > 0 && !allowLoss}
            onClick={() => void start()}
          >
            Export
          </button>
        </>
      }
    >
      <fieldset>
        <legend>Format</legend>
        {FORMATS.map((one) => (
          <label key={one.format} className="facet">
            <input
              type="radio"
              name="format"
              checked={format === one.format}
              onChange={() => setFormat(one.format)}
            />{' '}
            {one.name}
          </label>
        ))}
      </fieldset>
      <p className="quiet">
        Sources are never written over; coordinates keep every digit; fields that Reticle does not know are
        kept.
      </p>
      {losses.length > 0 && (
        <div className="banner caution">
          <div>
            <b>What this format cannot express</b>
            <ul>
              {losses.map(({ code, message, count: lost }) => (
                <li key={code}>
                  {message} ({count(lost)})
                </li>
              ))}
            </ul>
            <Switch label="Export without it" isOn={allowLoss} onChange={setAllowLoss} />
          </div>
        </div>
      )}
      <Switch label="Copy the images too" isOn={copyImages} onChange={setCopyImages} />
    </Dialog>
  );
}

function NameField({
  name,
  label,
  onRename,
}: {
  readonly name: string;
  readonly label: string;
  readonly onRename: (name: string) => void;
}): ReactNode {
  const [text, setText] = useState(name);
  const commit = () => {
    if (text.trim() !== '' && text.trim() !== name) onRename(text.trim());
    else setText(name);
  };
  return (
    <input
      className="grow"
      aria-label={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

function Runs({ onClose }: Closable): ReactNode {
  const runs = useSession((session) => session.project?.runs) ?? [];
  const showFailure = useSession((session) => session.showFailure);
  return (
    <Dialog title="Runs" onClose={onClose}>
      {runs.map(({ id, name, predictions }) => (
        <div key={`${id} ${name}`} className="facet">
          <NameField
            name={name}
            label={`Name of the run ${name}`}
            onRename={(next) => void engine('runs.rename', { run: id, name: next }).catch(showFailure)}
          />
          <span className="quiet">{count(predictions)} predictions</span>
          <button
            type="button"
            className="button"
            onClick={() => void engine('runs.remove', { run: id }).catch(showFailure)}
          >
            Remove
          </button>
        </div>
      ))}
      <p className="quiet">Removing a run can be undone.</p>
    </Dialog>
  );
}

function Categories({ onClose }: Closable): ReactNode {
  const categories = useSession((session) => session.project?.categories) ?? [];
  return (
    <Dialog title="Classes" onClose={onClose}>
      {categories.map(({ id, name, annotations }) => (
        <div key={`${id} ${name}`} className="facet">
          <NameField
            name={name}
            label={`Name of the class ${name}`}
            onRename={(next) =>
              void useSession.getState().applyOperations([{ renameCategory: { category: id, name: next } }])
            }
          />
          <span className="quiet">{count(annotations)} boxes</span>
        </div>
      ))}
      <p className="quiet">Ids stay as they are; renaming can be undone.</p>
    </Dialog>
  );
}
