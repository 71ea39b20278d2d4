/** Recall and precision by size, shape and place of the boxes. */
import type { ReactNode } from 'react';
import type { MetricsAnalysis, PointIntervals } from '../../../contract/metrics-view';
import type { Slice, SliceBy } from '../../../core/metrics/analysis/slices';
import { SLICES, SLICES_BY } from '../../../core/metrics/analysis/slices';
import { count } from '../../ui/number-text';
import { BoxesButton } from '../scores/boxes-button';
import { FALSE_OUTCOMES } from '../scores/open-boxes';
import type { Answer } from '../scores/use-answer';
import { NumberCell } from './classes-section';
import { Section } from './section';
import { ShareBar } from './share-bar';

const HEADS: Readonly<Record<SliceBy, string>> = {
  size: 'Size, pixels',
  aspect: 'Shape, width to height',
  position: 'Position in the image',
};

interface SlicesSectionProps {
  readonly analysis: Answer<MetricsAnalysis>;
  readonly intervals: PointIntervals | null;
}

export function SlicesSection({ analysis, intervals }: SlicesSectionProps): ReactNode {
  const { value, isOld } = analysis;
  if (!value) return null;
  const { iou, score } = value.point;
  return (
    <Section
      title="Slices"
      caption={`IoU ${iou.toFixed(2)}, confidence ${score.toFixed(2)}; recall by the truth’s own box, precision by the prediction’s`}
    >
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label="Table of slices">
        <table className="figures" data-old={isOld}>
          {SLICES_BY.map((by) => (
            <tbody key={by}>
              <tr>
                <th scope="col">{HEADS[by]}</th>
                <th scope="col" className="number">
                  Truth
                </th>
                <th scope="col">
                  <span className="visually-hidden">Bar of recall</span>
                </th>
                <th scope="col" className="number">
                  Recall
                </th>
                <th scope="col" className="number">
                  Predictions
                </th>
                <th scope="col" className="number">
                  Precision
                </th>
              </tr>
              {value.slices.map((slice, at) =>
                slice.by === by && slice.truth + slice.predictions > 0 ? (
                  <SliceRow key={slice.index} slice={slice} ends={intervals?.slices[at]} />
                ) : null,
              )}
            </tbody>
          ))}
        </table>
      </div>
    </Section>
  );
}

interface SliceRowProps {
  readonly slice: Slice;
  readonly ends: PointIntervals['slices'][number] | undefined;
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function SliceRow({ slice, ends }: SliceRowProps): ReactNode {
  const { by, index, truth, found, predictions, right } = slice;
  const name = SLICES[by][index] ?? '';
  const own = { by, index };
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="number">
        <BoxesButton
          label={`the ${truth} annotations`}
          wanted={{ outcomes: ['miss', 'true-positive'], behind: { of: 'annotations', slice: own } }}
        >
          {count(truth)}
        </BoxesButton>
      </td>
      <td>
        <ShareBar value={share(found, truth)} ends={ends?.recall} />
      </td>
      <NumberCell
        value={share(found, truth)}
        ends={ends?.recall ?? null}
        wanted={{ outcomes: ['miss'], behind: { of: 'annotations', slice: own } }}
        what={`the ${truth - found} missed`}
      />
      <td className="number">
        <BoxesButton
          label={`the ${predictions} predictions`}
          wanted={{
            outcomes: [...FALSE_OUTCOMES, 'true-positive'],
            behind: { of: 'predictions', slice: own },
          }}
        >
          {count(predictions)}
        </BoxesButton>
      </td>
      <NumberCell
        value={share(right, predictions)}
        ends={ends?.precision ?? null}
        wanted={{ outcomes: FALSE_OUTCOMES, behind: { of: 'predictions', slice: own } }}
        what={`the ${predictions - right} false`}
      />
    </tr>
  );
}
