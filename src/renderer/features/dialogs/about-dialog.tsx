import { Check, Crosshair, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { Component } from '../../../contract/view-types';
import { app } from '../../state/app-client';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';

interface Info {
  readonly version: string;
  readonly components: readonly Component[];
  readonly logs: string;
}

/** Which parts are present, and what to do about those that are not: the same list as `reticle doctor`. */
export function AboutDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [info, setInfo] = useState<Info | null>(null);
  useEffect(() => {
    app('app.info', {}).then(setInfo, (error: unknown) => useSession.getState().showFailure(error));
  }, []);
  const copy = async () => {
    const lines = (info?.components ?? []).map(({ name, version, present, detail }) =>
      [name, version, present ? 'present' : 'not present', detail].filter(Boolean).join(' · '),
    );
    await app('clipboard.write', { text: [`Reticle ${info?.version ?? ''}`, ...lines, ''].join('\n') });
    useSession.getState().showToast('The list is on the clipboard.');
  };
  return (
    <Dialog
      title="About Reticle"
      onClose={onClose}
      isWide
      footer={
        <>
          <span className="quiet grow clip">{info && `Log: ${info.logs}`}</span>
          <button type="button" className="button" disabled={!info} onClick={() => void copy()}>
            Copy the list
          </button>
        </>
      }
    >
      <div className="about-head">
        <Crosshair size={36} aria-hidden="true" />
        <div>
          <b>Reticle {info?.version}</b>
          <p className="quiet">
            Why an object detector’s score is low, and what to fix first. Nothing leaves this machine.
          </p>
        </div>
      </div>
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
              <td>
                <b>{name}</b>
              </td>
              <td>{version ?? '–'}</td>
              <td>
                <span className="component-state" data-present={present}>
                  {present ? <Check size={14} aria-hidden="true" /> : <Minus size={14} aria-hidden="true" />}
                  {present ? 'present' : 'not present'}
                  {detail && <span className="quiet">{detail}</span>}
                </span>
                {fix && <p className="quiet fix">{fix}</p>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
