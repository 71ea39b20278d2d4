/** What the bill is of: one class or all, and the training that the run comes from. */
import type { ReactNode } from 'react';
import type { DiagnosisView } from '../../../contract/diagnosis-view';
import type { CategoryId } from '../../../contract/view-types';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import { useSession } from '../../state/session';
import { score as scoreText } from '../../ui/number-text';
import { Select } from '../../ui/select';
import { setTraining, useCauses } from './causes-state';

/** Menus take no null. */
const NONE = '';

export function ClassChoice(): ReactNode {
  const categories = useSession((session) => session.project?.categories) ?? [];
  const scores = useSession((session) => session.score?.classes);
  const category = useCauses((state) => state.category);
  const choose = (next: CategoryId | null) => useCauses.setState({ category: next });
  const all: readonly (CategoryId | null)[] = [null, ...categories.map(({ id }) => id)];
  useAction(
    'causes.nextClass',
    () => choose(all[(all.indexOf(category) + 1) % all.length] ?? null),
    categories.length > 1,
  );
  if (categories.length < 2) return null;
  const AP = (id: CategoryId): string => scoreText(scores?.find((one) => one.id === id)?.AP);
  return (
    <Select
      label="Bill of"
      value={category === null ? NONE : String(category)}
      prefix={<span className="quiet">Bill of</span>}
      options={[
        { value: NONE, label: 'all classes' },
        ...categories.map(({ id, name }) => ({ value: String(id), label: `${name}, AP ${AP(id)}` })),
      ]}
      onChange={(id) => choose(id === NONE ? null : Number(id))}
    />
  );
}

export function TrainingChoice({
  diagnosis: { training },
}: {
  readonly diagnosis: DiagnosisView;
}): ReactNode {
  if (!training)
    return (
      <ActionButton action="training.open" isLink>
        Add the logs of its training
      </ActionButton>
    );
  if (training.problem !== null)
    return (
      <span>
        The training was not looked at: {training.problem}{' '}
        <ActionButton action="training.open" isLink>
          Choose its logs
        </ActionButton>
      </span>
    );
  return (
    <Select
      label="Trained by"
      value={training.chosen ?? NONE}
      prefix={<span className="quiet">Trained by</span>}
      options={[
        ...training.names.map((name) => ({ value: name, label: name })),
        { value: NONE, label: 'none of these' },
      ]}
      onChange={(name) =>
        void setTraining(name === NONE ? null : name).catch(useSession.getState().showFailure)
      }
    />
  );
}
