/** Which output holds what, for a signature that nothing else fits. */
import type { ReactNode } from 'react';
import type { ModelView } from '../../../contract/model-view';
import type { BoxOrder, BoxUnit, PlanOverrides } from '../../../core/inference/model';
import { useSession } from '../../state/session';
import { overrideModel, useModel } from './model-state';
import { ORDER_WORDS, shapeWords, UNIT_WORDS } from './model-words';

const ROLES = [
  ['rows', 'Whole rows (box, score, class)'],
  ['boxes', 'Boxes'],
  ['scores', 'Scores'],
  ['classes', 'Class numbers'],
  ['count', 'Number of boxes'],
] as const;
type Role = (typeof ROLES)[number][0];

const change = (overrides: Parameters<typeof overrideModel>[0]): void =>
  void overrideModel(overrides).catch(useSession.getState().showFailure);

export function OutputMapping({ view }: { readonly view: ModelView }): ReactNode {
  const overrides: PlanOverrides = useModel((state) => state.choice?.overrides) ?? {};
  const isShown = view.plan === null || view.plan.decoder.name === 'mapping';
  if (!isShown) return null;
  const outputs = overrides.outputs ?? {};
  const setRole = (role: Role, name: string) => {
    const rest = Object.fromEntries(Object.entries(outputs).filter(([key]) => key !== role));
    const next = name === '' ? rest : { ...rest, [role]: name };
    change({ decoder: 'mapping', outputs: next });
  };
  return (
    <fieldset className="model-fields">
      <legend>Which output holds what</legend>
      {ROLES.map(([role, words]) => (
        <label key={role} className="model-field">
          <span>{words}</span>
          <select value={outputs[role] ?? ''} onChange={({ target }) => setRole(role, target.value)}>
            <option value="">not given</option>
            {view.outputs.map((spec) => (
              <option key={spec.name} value={spec.name}>
                {spec.name} ({shapeWords(spec)})
              </option>
            ))}
          </select>
        </label>
      ))}
      <label className="model-field">
        <span>Order of a box</span>
        <select
          value={overrides.boxOrder ?? 'xyxy'}
          onChange={({ target }) => change({ boxOrder: target.value as BoxOrder })}
        >
          {Object.entries(ORDER_WORDS).map(([order, words]) => (
            <option key={order} value={order}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label className="model-field">
        <span>Unit of a box</span>
        <select
          value={overrides.boxUnit ?? 'input'}
          onChange={({ target }) => change({ boxUnit: target.value as BoxUnit })}
        >
          {Object.entries(UNIT_WORDS).map(([unit, words]) => (
            <option key={unit} value={unit}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}
