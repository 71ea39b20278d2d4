/** Labels go out: the format, what it cannot express, and the consent to that, before anything is written. */
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { ExportFormat } from '../../../contract/export-formats';
import { EXPORT_FORMATS, EXPORT_TARGETS } from '../../../contract/export-formats';
import type { ExportPlan } from '../../../contract/view-types';
import { app } from '../../state/app-client';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { count } from '../../ui/number-text';
import { Switch } from '../../ui/switch';

interface Choice {
  readonly format: ExportFormat;
  readonly allowLoss: boolean;
  readonly copyImages: boolean;
}

async function exportLabels(choice: Choice, projectName: string, onStart: () => void): Promise<void> {
  const { runJob, showToast, showFailure } = useSession.getState();
  const { extension } = EXPORT_TARGETS[choice.format];
  const path = await app('dialog.save', {
    kind: choice.format,
    suggestedName: `${projectName}-labels${extension || `-${choice.format}`}`,
  });
  if (!path) return;
  onStart();
  const done = await runJob('Exporting', (job) => engine('export.run', { job, path, ...choice }));
  if (!done) return;
  showToast(
    `Exported ${count(done.annotations)} boxes of ${count(done.images)} images; read back and compared.`,
    {
      label: 'Show in folder',
      run: () => void app('file.reveal', { path: done.path }).catch(showFailure),
    },
  );
}

export function ExportDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const name = useSession((session) => session.project?.name ?? 'labels');
  const [choice, setChoice] = useState<Choice>({ format: 'coco', allowLoss: false, copyImages: false });
  const plan = useExportPlan(choice.format);
  const losses = plan?.losses ?? [];
  return (
    <Dialog
      title="Export labels"
      onClose={onClose}
      footer={
        <>
          <span className="quiet grow">
            {plan && `${count(plan.annotations)} boxes of ${count(plan.images)} images`}
          </span>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            disabled={!plan || (plan.needsConsent && !choice.allowLoss)}
            onClick={() => void exportLabels(choice, name, onClose).catch(useSession.getState().showFailure)}
          >
            Export
          </button>
        </>
      }
    >
      <fieldset className="settings">
        <legend>Format</legend>
        <label className="field">
          <select
            aria-label="Format"
            value={choice.format}
            onChange={({ target }) =>
              setChoice({ ...choice, format: target.value as ExportFormat, allowLoss: false })
            }
          >
            {EXPORT_FORMATS.map((format) => (
              <option key={format} value={format}>
                {EXPORT_TARGETS[format].name}
              </option>
            ))}
          </select>
        </label>
        <span className="quiet detail">{EXPORT_TARGETS[choice.format].detail}</span>
        <Switch
          label="Copy the images too"
          isOn={choice.copyImages}
          onChange={(copyImages) => setChoice({ ...choice, copyImages })}
        />
      </fieldset>
      {losses.length > 0 && (
        <div className="banner caution">
          <TriangleAlert size={18} aria-hidden="true" />
          <div>
            <b>What this format cannot express</b>
            <ul>
              {losses.map(({ code, message, count: lost }) => (
                <li key={`${code} ${message}`}>
                  {message} <span className="quiet">({count(lost)})</span>
                </li>
              ))}
            </ul>
            {plan?.needsConsent && (
              <Switch
                label="Export without it"
                isOn={choice.allowLoss}
                onChange={(allowLoss) => setChoice({ ...choice, allowLoss })}
              />
            )}
          </div>
        </div>
      )}
      <p className="quiet">
        Written whole or not at all, and never over the sources; coordinates keep every digit.
      </p>
    </Dialog>
  );
}

/** Null until the engine has looked what the format would lose. */
function useExportPlan(format: ExportFormat): ExportPlan | null {
  const [plan, setPlan] = useState<ExportPlan | null>(null);
  useEffect(() => {
    let isCurrent = true;
    engine('export.plan', { format }).then(
      (answer) => isCurrent && setPlan(answer),
      (error: unknown) => isCurrent && useSession.getState().showFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [format]);
  return plan?.format === format ? plan : null;
}
