/** Each class at the shared operating point, and where its F1 is best. */
import type { CSSProperties, ReactNode } from 'react';
import type { MetricsAnalysis, PointIntervals } from '../../../contract/metrics-view';
import { f1, precision, recall } from '../../../core/metrics/counts';
import { useSession } from '../../state/session';
import { score } from '../../ui/number-text';
import { BoxesButton } from '../scores/boxes-button';
import type { Answer } from '../scores/use-answer';
import { ERROR_OUTCOMES, FALSE_OUTCOMES } from '../scores/open-boxes';
import { NumberCell, threshold } from './classes-section';
import { ClassSwatch } from './class-swatch';
import { Section } from './section';
import { useFirstRows } from './use-first-rows';

interface PointSectionProps {
  readonly analysis: Answer<MetricsAnalysis>;
  readonly intervals: PointIntervals | null;
}

export function PointSection({ analysis, intervals }: PointSectionProps): ReactNode {
  const point = useSession((session) => session.point);
  const categories = useSession((session) => session.project?.categories) ?? [];
  const { value, isOld } = analysis;
  const classes = value?.classes ?? [];
  const [shown, more] = useFirstRows(classes);
  return (
    <Section
      title="At the operating point"
      caption={`IoU ${point.iou.toFixed(2)}, confidence ${point.score.toFixed(2)}`}
    >
      <ConfidenceSlider />
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label="Classes at the operating point">
        <table className="figures point-table" data-old={isOld}>
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col" className="number">
                Precision
              </th>
              <th scope="col" className="number">
                Recall
              </th>
              <th scope="col" className="number">
                F1
              </th>
              <th scope="col" className="number">
                best F1
              </th>
            </tr>
          </thead>
          <tbody>
            {value && classes.length > 1 && (
              <tr>
                <th scope="row">
                  <b>all</b>
                </th>
                <NumberCell
                  value={precision(value.counts)}
                  ends={intervals?.all.precision ?? null}
                  wanted={{ outcomes: FALSE_OUTCOMES, behind: { of: 'predictions' } }}
                  what={`the ${value.counts.falsePositives} false predictions`}
                />
                <NumberCell
                  value={recall(value.counts)}
                  ends={intervals?.all.recall ?? null}
                  wanted={{ outcomes: ['miss'], behind: { of: 'annotations' } }}
                  what={`the ${value.counts.misses} misses`}
                />
                <NumberCell
                  value={f1(value.counts)}
                  ends={intervals?.all.f1 ?? null}
                  isStrong
                  wanted={{ outcomes: ERROR_OUTCOMES, behind: {} }}
                  what="the false predictions and the misses"
                />
                <td />
              </tr>
            )}
            {shown.map((own) => (
              <ClassAtPoint
                key={own.id}
                own={own}
                name={categories.find(({ id }) => id === own.id)?.name ?? ''}
                intervals={intervals}
              />
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </Section>
  );
}

/** The threshold itself; the rings of the curves move the same. */
function ConfidenceSlider(): ReactNode {
  const point = useSession((session) => session.point);
  const setPoint = useSession((session) => session.setPoint);
  return (
    <label className="slider caption-12">
      Confidence at least
      <input
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={point.score}
        style={{ '--filled': `${100 * point.score}%` } as CSSProperties}
        aria-valuetext={point.score.toFixed(2)}
        onChange={(event) => setPoint({ ...point, score: Number(event.target.value) })}
      />
      <output>{point.score.toFixed(2)}</output>
    </label>
  );
}

interface ClassAtPointProps {
  readonly own: MetricsAnalysis['classes'][number];
  readonly name: string;
  readonly intervals: PointIntervals | null;
}

function ClassAtPoint({ own, name, intervals }: ClassAtPointProps): ReactNode {
  const setPoint = useSession((session) => session.setPoint);
  const { id, counts, best } = own;
  const ends = intervals?.classes[id];
  const categories = [id];
  return (
    <tr>
      <th scope="row" title={name}>
        <span className="class-name">
          <ClassSwatch id={id} />
          <span className="clip">{name}</span>
        </span>
      </th>
      <NumberCell
        value={own.precision}
        ends={ends?.precision ?? null}
        wanted={{ categories, outcomes: FALSE_OUTCOMES, behind: { of: 'predictions' } }}
        what={`the ${counts.falsePositives} false predictions of ${name}`}
      />
      <NumberCell
        value={own.recall}
        ends={ends?.recall ?? null}
        wanted={{ categories, outcomes: ['miss'], behind: { of: 'annotations' } }}
        what={`the ${counts.misses} missed ${name}`}
      />
      <NumberCell
        value={own.f1}
        ends={ends?.f1 ?? null}
        isStrong
        wanted={{ categories, outcomes: ERROR_OUTCOMES, behind: {} }}
        what={`the false predictions and the misses of ${name}`}
      />
      <td className="number">
        {best === null ? (
          '–'
        ) : (
          <>
            <BoxesButton
              label={`the false predictions and the misses of ${name} at confidence ${best.score.toFixed(2)}`}
              wanted={{
                categories,
                outcomes: ERROR_OUTCOMES,
                behind: {},
                confidenceAt: threshold(best.score),
              }}
            >
              {score(best.f1)}
            </BoxesButton>
            <button
              type="button"
              className="boxes"
              title="Set the confidence threshold to it"
              onClick={() => setPoint({ ...useSession.getState().point, score: threshold(best.score) })}
            >
              <span className="interval">at {best.score.toFixed(2)}</span>
              <span className="visually-hidden">: set the confidence threshold to it</span>
            </button>
          </>
        )}
      </td>
    </tr>
  );
}
