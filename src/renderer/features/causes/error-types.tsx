/** What the errors of each type cost, beside the causes: the dearest first. */
import type { ReactNode } from 'react';
import type { ErrorPrices } from '../../../core/diagnosis/error-prices';
import { dearestErrors } from '../../../core/diagnosis/error-prices';
import { TIDE_BAR_NAMES } from '../../../core/metrics/tide/tide-errors';

const BAR_WIDTH = 200;
/** Points of mAP50. */
const SHORTEST_AXIS = 1;

export function ErrorTypes({ prices }: { readonly prices: ErrorPrices }): ReactNode {
  const types = dearestErrors(prices);
  const most = Math.max(SHORTEST_AXIS, ...types.map(({ price }) => price ?? 0));
  return (
    <section aria-labelledby="error-types-title">
      <h2 id="error-types-title">By type of error</h2>
      <p className="quiet caption-12">
        What mAP50 would gain with all errors of a type mended (TIDE, points from 0 to 100), with bookkeeping
        repaired. They overlap, so they do not add up.
      </p>
      <table className="error-types">
        <tbody>
          {types.map(({ type, price }) => (
            <tr key={type}>
              <th scope="row">{TIDE_BAR_NAMES[type]}</th>
              <td>
                <svg width={BAR_WIDTH} height={10} aria-hidden="true">
                  <rect
                    className="price exact"
                    height={10}
                    width={(BAR_WIDTH * Math.max(0, price ?? 0)) / most}
                  />
                </svg>
              </td>
              <td className="number">{price === null ? '–' : price.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
