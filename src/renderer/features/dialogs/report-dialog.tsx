/** The bill goes out as a document: HTML or PDF, with file names and pictures or without. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import { app } from '../../state/app-client';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { Segmented } from '../../ui/segmented';
import { Switch } from '../../ui/switch';
import { useCauses } from '../causes/causes-state';

interface Choice {
  readonly as: 'html' | 'pdf';
  readonly hasNames: boolean;
  readonly hasPictures: boolean;
}

async function writeReport({ as, hasNames, hasPictures }: Choice, onStart: () => void): Promise<void> {
  const { project, run, protocol, runJob, showToast, showFailure } = useSession.getState();
  const { category } = useCauses.getState();
  if (run === null) return;
  const path = await app('dialog.save', {
    kind: `report-${as}`,
    suggestedName: `${project?.name ?? 'project'}-report.${as}`,
  });
  if (!path) return;
  onStart();
  const done = await runJob('Writing the report', async (job) => {
    const { html } = await engine('causes.report', { job, run, protocol, category, hasNames, hasPictures });
    await app('report.write', { path, as, html });
    return true;
  });
  if (!done) return;
  showToast('The report is written.', {
    label: 'Show in folder',
    run: () => void app('file.reveal', { path }).catch(showFailure),
  });
}

export function ReportDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [choice, setChoice] = useState<Choice>({ as: 'html', hasNames: true, hasPictures: true });
  return (
    <Dialog
      title="Write a report"
      onClose={onClose}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            onClick={() => void writeReport(choice, onClose).catch(useSession.getState().showFailure)}
          >
            Write
          </button>
        </>
      }
    >
      <fieldset className="settings">
        <legend>Format</legend>
        <Segmented
          label="Format"
          value={choice.as}
          options={[
            { value: 'html', label: 'HTML' },
            { value: 'pdf', label: 'PDF' },
          ]}
          onChange={(as) => setChoice({ ...choice, as })}
        />
        <Switch
          label="With the names of images and runs"
          isOn={choice.hasNames}
          onChange={(hasNames) => setChoice({ ...choice, hasNames })}
        />
        <Switch
          label="With pictures of the examples"
          isOn={choice.hasPictures}
          onChange={(hasPictures) => setChoice({ ...choice, hasPictures })}
        />
      </fieldset>
      <p className="quiet">
        Scores, curves, the bill with its evidence, and what was changed in the project, in one file that
        needs nothing besides itself. Leave names and pictures out to show it to others.
      </p>
    </Dialog>
  );
}
