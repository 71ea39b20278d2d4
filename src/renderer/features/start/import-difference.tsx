/** Into a project with labels: in which way, and what of them would change, before it does. */
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ProjectState } from '../../../contract/view-types';
import type { ImportHow, ImportPlan } from '../../../contract/import-view';
import type { ChangedImage, TruthDifference } from '../../../core/dataset/truth-difference';
import { Segmented } from '../../ui/segmented';
import { Switch } from '../../ui/switch';
import { count } from '../../ui/number-text';
import { counted } from '../../ui/counted';
import type { Choice } from './use-import';

const SHOWN = 40;

const HOW_DETAILS: Readonly<Record<ImportHow, string>> = {
  new: 'A project of its own; the open one stays as it is.',
  add: 'Images that are new come in. Those that are there, by name or by content, stay as they are.',
  update: 'Labels follow the files where you did nothing; what you drew, moved or deleted stays yours.',
  replace: 'All labels are exchanged for these.',
};

interface IntoProps {
  readonly project: ProjectState;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
}

export function Into({ project, choice, onChange }: IntoProps): ReactNode {
  return (
    <section className="import-into">
      <Segmented<ImportHow>
        label="Where it goes"
        value={choice.how}
        options={[
          { value: 'new', label: 'New project' },
          { value: 'add', label: `Add to ${project.name}` },
          { value: 'update', label: 'Update its labels' },
          { value: 'replace', label: 'Exchange its labels' },
        ]}
        onChange={(how) => onChange({ ...choice, how })}
      />
      <span className="quiet">{HOW_DETAILS[choice.how]}</span>
      {choice.how === 'replace' && (
        <div className="banner caution">
          <TriangleAlert size={18} aria-hidden="true" />
          <div>
            <b>
              {counted(project.annotations, 'box')} of {counted(project.images, 'image')} go, edits with them.
            </b>
            <p>
              A copy of the project is taken before (File, Backups), and undo brings them back. Runs stay on
              images of the same name.
            </p>
          </div>
        </div>
      )}
    </section>
  );
}

interface DifferenceProps {
  readonly difference: TruthDifference;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
}

export function Difference({ difference, choice, onChange }: DifferenceProps): ReactNode {
  const { images, boxes, edits, examples } = difference;
  const isNothing = images.added + images.changed + images.renamed + images.removed === 0;
  return (
    <section className="import-difference">
      <h2>
        What would change{' '}
        <span className="quiet">
          {isNothing ? 'nothing: all of it is there' : 'undo takes it back, and a copy is taken before'}
        </span>
      </h2>
      <table>
        <thead>
          <tr>
            <th />
            <th className="number">New</th>
            <th className="number">Changed</th>
            <th className="number">Removed</th>
            <th className="number">The same</th>
          </tr>
        </thead>
        <tbody>
          <Row name="Images" {...images} />
          <Row name="Boxes" {...boxes} />
        </tbody>
      </table>
      {images.renamed > 0 && (
        <p className="quiet">{counted(images.renamed, 'image')} known by content under another name.</p>
      )}
      {choice.how === 'update' && (
        <div className="settings">
          {edits.kept + edits.overwritten > 0 && (
            <Switch
              label={`Overwrite ${counted(edits.kept + edits.overwritten, 'edit')} of yours`}
              detail="Boxes that you drew, moved, relabelled or deleted, of which the files say otherwise"
              isOn={choice.overwriteEdits}
              onChange={(overwriteEdits) => onChange({ ...choice, overwriteEdits })}
            />
          )}
          {images.missing > 0 && (
            <Switch
              label={`Remove ${counted(images.missing, 'image')} that the files do not have`}
              detail="With their boxes; otherwise they stay"
              isOn={choice.removeMissing}
              onChange={(removeMissing) => onChange({ ...choice, removeMissing })}
            />
          )}
        </div>
      )}
      {examples.length > 0 && (
        <ul className="changed-images">
          {examples.slice(0, SHOWN).map((example) => (
            <li key={example.image}>
              <span className="clip grow">{example.image}</span>
              <span className="quiet">{changeWords(example)}</span>
            </li>
          ))}
          {examples.length > SHOWN && <li className="quiet">and more</li>}
        </ul>
      )}
    </section>
  );
}

function Row({
  name,
  added,
  changed,
  removed,
  same,
}: {
  readonly name: string;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly same: number;
}): ReactNode {
  return (
    <tr>
      <td>{name}</td>
      {[added, changed, removed, same].map((value, at) => (
        <td key={at} className="number">
          {count(value)}
        </td>
      ))}
    </tr>
  );
}

/** `2 boxes new, 1 changed, 3 of your edits kept`. */
function changeWords({ isNew, isRemoved, added, changed, removed, kept, overwritten }: ChangedImage): string {
  const parts = [
    isNew ? `new, ${counted(added, 'box')}` : added > 0 && `${counted(added, 'box')} new`,
    changed > 0 && `${count(changed)} changed`,
    isRemoved ? `removed, ${counted(removed, 'box')}` : removed > 0 && `${count(removed)} removed`,
    kept > 0 && `${count(kept)} of your edits kept`,
    overwritten > 0 && `${count(overwritten)} of your edits overwritten`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** What the button says, for what it does. */
export function startWords(plan: ImportPlan | null, how: ImportHow): string {
  const images = plan?.images ?? 0;
  if (images === 0) return `Import ${counted(plan?.predictions ?? 0, 'prediction')}`;
  if (how === 'update') return 'Update the labels';
  const what = counted(how === 'add' ? (plan?.difference?.images.added ?? 0) : images, 'image');
  return how === 'add' ? `Add ${what}` : `Import ${what}`;
}
