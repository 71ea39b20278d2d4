import type { ReactNode } from 'react';
import type { PrecisionRecallCurve } from '../../../contract/metrics-view';
import { useSession } from '../../state/session';
import { score } from '../../ui/number-text';
import { precisionAt } from './curve-geometry';

const RECALLS = Array.from({ length: 11 }, (_, step) => step / 10);

/** The curves as numbers: precision where each tenth of recall is reached. */
export function CurveTable({ curves }: { readonly curves: readonly PrecisionRecallCurve[] }): ReactNode {
  const categories = useSession((session) => session.project?.categories) ?? [];
  return (
    <div className="scroll-sideways" tabIndex={0} role="region" aria-label="Precision by recall">
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">Recall</th>
            {curves.map(({ id }) => (
              <th key={id} scope="col" className="number">
                {categories.find((category) => category.id === id)?.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {RECALLS.map((recall) => (
            <tr key={recall}>
              <th scope="row">{recall.toFixed(1)}</th>
              {curves.map((curve) => (
                <td key={curve.id} className="number">
                  {score(precisionAt(curve, recall))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
