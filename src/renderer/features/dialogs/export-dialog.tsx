/** Labels go out: format, which images, classes, and what the format cannot express, before anything is written. */
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { ExportFormat } from '../../../contract/export-formats';
import { EXPORT_FORMATS, EXPORT_TARGETS } from '../../../contract/export-formats';
import type { ExportChoice, ExportPlan } from '../../../contract/view-types';
import { parseShares } from '../../../core/dataset/split';
import { app } from '../../state/app-client';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { count } from '../../ui/number-text';
import { Segmented } from '../../ui/segmented';
import { Switch } from '../../ui/switch';
import { ClassOrder } from './class-order';

type Splits = 'as-they-are' | 'one' | 'new';

interface Choice {
  readonly format: ExportFormat;
  readonly allowLoss: boolean;
  readonly copyImages: boolean;
  readonly splits: Splits;
  readonly subset: string | null;
  readonly shares: string;
  readonly reviewedOnly: boolean;
  /** Names of classes as they are numbered; empty: as they are. */
  readonly classOrder: readonly string[];
}

/** Null where the shares that are typed are none. */
function partOf({ splits, subset, shares, reviewedOnly, classOrder }: Choice): ExportChoice | null {
  const split = splits === 'new' ? parseShares(shares) : null;
  if (splits === 'new' && split === null) return null;
  return {
    subset: splits === 'one' ? subset : null,
    reviewedOnly,
    classOrder: [...classOrder],
    split: split && { shares: split, seed: 0 },
  };
}

async function exportLabels(
  { format, allowLoss, copyImages }: Choice,
  choice: ExportChoice,
  projectName: string,
  onStart: () => void,
): Promise<void> {
  const { runJob, showToast, showFailure } = useSession.getState();
  const { extension } = EXPORT_TARGETS[format];
  const path = await app('dialog.save', {
    kind: format,
    suggestedName: `${projectName}-labels${extension || `-${format}`}`,
  });
  if (!path) return;
  onStart();
  const done = await runJob('Exporting', (job) =>
    engine('export.run', { job, path, format, allowLoss, copyImages, choice }),
  );
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
  const project = useSession((session) => session.project);
  const name = project?.name ?? 'labels';
  const [choice, setChoice] = useState<Choice>({
    format: 'coco',
    allowLoss: false,
    copyImages: false,
    splits: 'as-they-are',
    subset: project?.subsets[0]?.name ?? null,
    shares: 'train=0.8,val=0.2',
    reviewedOnly: false,
    classOrder: [],
  });
  const part = partOf(choice);
  const plan = useExportPlan(choice.format, part);
  const losses = plan?.losses ?? [];
  const isPossible = part !== null && plan !== null && plan.problem === null;
  const start = () =>
    part && void exportLabels(choice, part, name, onClose).catch(useSession.getState().showFailure);
  return (
    <Dialog
      title="Export labels"
      onClose={onClose}
      footer={
        <>
          <span className="quiet grow">
            {plan && plan.problem === null
              ? `${count(plan.annotations)} boxes of ${count(plan.images)} images`
              : plan?.problem}
          </span>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            disabled={!isPossible || (plan.needsConsent && !choice.allowLoss)}
            onClick={start}
          >
            Export
          </button>
        </>
      }
    >
      <Format choice={choice} onChange={setChoice} />
      <Part choice={choice} isPossible={part !== null} onChange={setChoice} />
      <ClassOrder
        names={(project?.categories ?? []).map((category) => category.name)}
        order={choice.classOrder}
        onChange={(classOrder) => setChoice({ ...choice, classOrder })}
      />
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
        Written whole or not at all, and never over the sources; coordinates keep every digit, and count as
        they did in the files they came from.
      </p>
    </Dialog>
  );
}

interface PartProps {
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
}

function Format({ choice, onChange }: PartProps): ReactNode {
  return (
    <fieldset className="settings">
      <legend>Format</legend>
      <label className="field">
        <select
          aria-label="Format"
          value={choice.format}
          onChange={({ target }) =>
            onChange({ ...choice, format: target.value as ExportFormat, allowLoss: false })
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
        detail="Otherwise the labels refer to them by name"
        isOn={choice.copyImages}
        onChange={(copyImages) => onChange({ ...choice, copyImages })}
      />
    </fieldset>
  );
}

/** Which images, and in which splits. */
function Part({ choice, isPossible, onChange }: PartProps & { readonly isPossible: boolean }): ReactNode {
  const project = useSession((session) => session.project);
  const subsets = project?.subsets ?? [];
  const { splits, subset, shares, reviewedOnly } = choice;
  return (
    <fieldset className="settings">
      <legend>Images</legend>
      <Segmented<Splits>
        label="Splits"
        value={splits}
        options={[
          { value: 'as-they-are', label: 'All' },
          ...(subsets.length > 0 ? [{ value: 'one', label: 'One split' } as const] : []),
          { value: 'new', label: 'New splits' },
        ]}
        onChange={(value) => onChange({ ...choice, splits: value, allowLoss: false })}
      />
      {splits === 'one' && (
        <label className="field">
          <select
            aria-label="Split"
            value={subset ?? ''}
            onChange={({ target }) => onChange({ ...choice, subset: target.value, allowLoss: false })}
          >
            {subsets.map(({ name, images }) => (
              <option key={name} value={name}>
                {name} ({count(images)} images)
              </option>
            ))}
          </select>
        </label>
      )}
      {splits === 'new' && (
        <>
          <label className="field">
            <span className="quiet">Shares</span>
            <input
              aria-label="Shares"
              aria-invalid={!isPossible}
              value={shares}
              onChange={({ target }) => onChange({ ...choice, shares: target.value })}
            />
          </label>
          <span className="quiet detail" role={isPossible ? undefined : 'alert'}>
            {isPossible
              ? 'At random, the same each time.'
              : 'Names and shares that add up to 1, as train=0.8,val=0.2.'}
          </span>
        </>
      )}
      <Switch
        label={`Only the ${count(project?.reviewed ?? 0)} images marked as reviewed`}
        isOn={reviewedOnly}
        onChange={(isOn) => onChange({ ...choice, reviewedOnly: isOn })}
      />
    </fieldset>
  );
}

/** Null until the engine has looked what the format would lose. */
function useExportPlan(format: ExportFormat, part: ExportChoice | null): ExportPlan | null {
  const [plan, setPlan] = useState<{ readonly asked: string; readonly plan: ExportPlan } | null>(null);
  const asked = JSON.stringify([format, part]);
  useEffect(() => {
    const [, choice] = JSON.parse(asked) as [ExportFormat, ExportChoice | null];
    if (choice === null) return;
    let isCurrent = true;
    engine('export.plan', { format, choice }).then(
      (answer) => isCurrent && setPlan({ asked, plan: answer }),
      (error: unknown) => isCurrent && useSession.getState().showFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [asked, format]);
  return plan?.asked === asked ? plan.plan : null;
}
