/** Which set the model was trained on: a subset of the project, or what lies elsewhere. */
import type { ReactNode } from 'react';
import type { DataView, TrainingChoice } from '../../../contract/data-view';
import { ActionButton } from '../../app/action-button';
import { useSession } from '../../state/session';
import { Select } from '../../ui/select';
import { chooseTraining } from './data-state';

interface Option {
  readonly value: string;
  readonly label: string;
  readonly choice: TrainingChoice | null;
}

const option = (label: string, choice: TrainingChoice | null): Option => ({
  value: JSON.stringify(choice),
  label,
  choice,
});

export function TrainingPicker({ view: { training } }: { readonly view: DataView }): ReactNode {
  const project = useSession((session) => session.project);
  // What holds every image leaves none to evaluate.
  const subsets = (project?.subsets ?? []).filter(({ images }) => images < project!.images);
  const elsewhere = training?.choice.kind === 'path' ? training : null;
  const ofPath = (subset: string | null): TrainingChoice => ({
    kind: 'path',
    path: elsewhere!.choice.kind === 'path' ? elsewhere!.choice.path : '',
    subset,
  });
  const options: readonly Option[] = [
    option('none', null),
    ...subsets.map(({ name }) => option(`${name} of this project`, { kind: 'subset', name })),
    ...(elsewhere
      ? [
          ...elsewhere.subsets.map((name) => option(`${name} of ${folderName(ofPath(null))}`, ofPath(name))),
          option(`all of ${folderName(ofPath(null))}`, ofPath(null)),
        ]
      : []),
  ];
  const shown = elsewhere ? ofPath(elsewhere.subset) : (training?.choice ?? null);
  return (
    <>
      {options.length > 1 && (
        <Select
          label="Training set"
          value={JSON.stringify(shown)}
          options={options}
          onChange={(value) => void chooseTraining(options.find((own) => own.value === value)!.choice)}
        />
      )}
      <ActionButton action="data.trainingFolder" isPrimary={training === null}>
        Choose the folder
      </ActionButton>
      <ActionButton action="data.trainingFile">Choose the file</ActionButton>
    </>
  );
}

const folderName = (choice: TrainingChoice): string =>
  choice.kind === 'path' ? (choice.path.split(/[/\\]/).filter(Boolean).at(-1) ?? choice.path) : choice.name;
