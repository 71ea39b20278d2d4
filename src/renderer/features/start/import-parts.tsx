/** Parts of the dry run: sources, subsets, classes, findings. */
import { CircleAlert, CircleHelp, FileJson, Folder, Image, Info, Tag, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ImportPlan, ImportSource } from '../../../contract/import-view';
import type { Finding } from '../../../core/foundation/finding';
import { count } from '../../ui/number-text';
import { withoutFlags } from '../../ui/without-flags';
import { placeWords, severityWords } from './finding-words';

const KIND_NAMES: Readonly<Record<ImportSource['kind'], string>> = {
  truth: 'Ground truth',
  predictions: 'Predictions',
  'label-map': 'Label map',
  images: 'Images',
  project: 'Project',
  unknown: 'Not recognised',
};
const KIND_ICONS = {
  truth: Folder,
  predictions: FileJson,
  'label-map': Tag,
  images: Image,
  project: Folder,
  unknown: CircleHelp,
} as const;

export function Sources({
  plan,
  exclude,
  onToggle,
}: {
  readonly plan: ImportPlan;
  readonly exclude: readonly string[];
  readonly onToggle: (path: string) => void;
}): ReactNode {
  return (
    <ul className="sources">
      {plan.sources.map(({ path, name, kind, why }) => (
        <li key={path} data-excluded={exclude.includes(path)}>
          <SourceIcon kind={kind} />
          <span className="grow">
            <b>{name}</b>{' '}
            <span className="quiet">
              {KIND_NAMES[kind]}: {why}
            </span>
          </span>
          <button type="button" className="link" onClick={() => onToggle(path)}>
            {exclude.includes(path) ? 'use it' : 'not this'}
          </button>
        </li>
      ))}
    </ul>
  );
}

function SourceIcon({ kind }: { readonly kind: ImportSource['kind'] }): ReactNode {
  const Icon = KIND_ICONS[kind];
  return <Icon size={18} aria-hidden="true" />;
}

export function Subsets({
  plan,
  onChoose,
  children,
}: {
  readonly plan: ImportPlan;
  readonly onChoose: (subset: string | null) => void;
  /** About the images. */
  readonly children: ReactNode;
}): ReactNode {
  const { join } = plan;
  return (
    <section>
      <h2>What will be imported</h2>
      <table>
        <thead>
          <tr>
            <th>Split</th>
            <th className="number">Images</th>
            <th className="number">Annotations</th>
          </tr>
        </thead>
        <tbody>
          {plan.subsets.map(({ name, images, annotations }) => (
            <tr key={name} data-chosen={plan.subset === name}>
              <td>
                <label className="facet">
                  <input
                    type="radio"
                    name="subset"
                    checked={plan.subset === name}
                    onChange={() => onChoose(name)}
                  />
                  {name}
                </label>
              </td>
              <td className="number">{count(images)}</td>
              <td className="number">{count(annotations)}</td>
            </tr>
          ))}
          {plan.subset === null && (
            <tr data-chosen>
              <td>{plan.subsets.length > 0 ? 'all together' : 'all'}</td>
              <td className="number">{count(plan.images)}</td>
              <td className="number">{count(plan.annotations)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {plan.subsetReason && <p className="quiet">{plan.subsetReason}</p>}
      {children}
      {join && (
        <p className="quiet">
          {count(join.predictions)} predictions on {count(join.images)} images, joined by{' '}
          {join.by === 'file-name' ? 'file name' : join.by}
          {join.left > 0 ? `; ${count(join.left)} left out` : ''}.
        </p>
      )}
    </section>
  );
}

const SEVERITY_ICONS = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

export function Findings({
  findings,
  isPossible,
}: {
  readonly findings: readonly Finding[];
  /** Whether the import can go on as it stands. */
  readonly isPossible: boolean;
}): ReactNode {
  return (
    <section>
      <h2>
        Findings{' '}
        <span className="quiet">
          {findings.length === 0 ? 'none: everything was understood' : severityWords(findings)}
          {findings.length > 0 && isPossible && '; none of them stops the import'}
        </span>
      </h2>
      <ul className="findings">
        {findings.map((finding) => {
          const Icon = SEVERITY_ICONS[finding.severity];
          return (
            <li key={`${finding.code} ${finding.message}`} data-severity={finding.severity}>
              <Icon size={16} aria-label={finding.severity} />
              <div>
                <b>{withoutFlags(finding.message)}</b>{' '}
                {finding.count > 1 && <span className="quiet">{count(finding.count)} times</span>}
                <p className="quiet">{placeWords(finding.where)}</p>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
