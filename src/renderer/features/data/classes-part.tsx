/** Class balance: labels of each class in both sets, and the AP that the model has of it. */
import { scaleLinear, scaleLog } from 'd3-scale';
import type { ReactNode } from 'react';
import { useRef } from 'react';
import type { ClassProfile } from '../../../core/diagnosis/data/profile/profile';
import { count, score } from '../../ui/number-text';
import { useWidth } from '../gallery/use-width';
import { percent } from './data-words';
import { openBehind } from './open-behind';
import { useRoving } from './use-roving';

interface ClassesProps {
  readonly classes: readonly ClassProfile[];
  readonly opensTraining: boolean;
}

const sumOf = (counts: readonly (number | null)[]): number =>
  counts.reduce<number>((sum, own) => sum + (own ?? 0), 0);

export function ClassesPart({ classes, opensTraining }: ClassesProps): ReactNode {
  const hasTraining = classes.some(({ training }) => training !== null);
  const balanced = classes.filter((own) => own.AP !== null && (own.training ?? 0) > 0);
  const hasRun = classes.some(({ AP, recall }) => AP !== null || recall !== null);
  const all = {
    evaluation: sumOf(classes.map((own) => own.evaluation)),
    training: sumOf(classes.map((own) => own.training)),
  };
  return (
    <div className="two-columns">
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label="Table of classes">
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col" className="number">
                Evaluation
              </th>
              <th scope="col">
                <span className="visually-hidden">Bar of its share</span>
              </th>
              {hasTraining && (
                <>
                  <th scope="col" className="number">
                    Training
                  </th>
                  <th scope="col">
                    <span className="visually-hidden">Bar of its share</span>
                  </th>
                </>
              )}
              {hasRun && (
                <>
                  <th scope="col" className="number">
                    Recall
                  </th>
                  <th scope="col" className="number">
                    AP
                  </th>
                </>
              )}
            </tr>
          </thead>
          <tbody>
            {classes.map((own) => (
              <tr key={own.id}>
                <th scope="row">{own.name}</th>
                <Amount own={own} set="evaluation" labels={own.evaluation} all={all.evaluation} opens />
                {hasTraining && (
                  <Amount
                    own={own}
                    set="training"
                    labels={own.training ?? 0}
                    all={all.training}
                    opens={opensTraining}
                  />
                )}
                {hasRun && (
                  <>
                    <td className="number">{score(own.recall)}</td>
                    <td className="number">
                      <b>{score(own.AP)}</b>
                    </td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {balanced.length > 1 && <BalanceChart shown={balanced} />}
    </div>
  );
}

interface AmountProps {
  readonly own: ClassProfile;
  readonly set: 'evaluation' | 'training';
  readonly labels: number;
  readonly all: number;
  readonly opens: boolean;
}

function Amount({ own, set, labels, all, opens }: AmountProps): ReactNode {
  const share = all === 0 ? 0 : labels / all;
  const open = () => openBehind({ set, category: own.id, words: `Images with ${own.name}` });
  return (
    <>
      <td className="number">
        {opens && labels > 0 ? (
          <button type="button" className="boxes" title={`Open the images with ${own.name}`} onClick={open}>
            {count(labels)}
            <span className="visually-hidden">
              : open the images of {set} with {own.name}
            </span>
          </button>
        ) : (
          count(labels)
        )}
      </td>
      <td>
        <div className="class-share">
          <svg className="chart share-bar" aria-hidden="true">
            <rect
              className={set === 'training' ? 'training-bar' : 'pale-bar'}
              x="0"
              y="25%"
              width={`${100 * share}%`}
              height="50%"
            />
          </svg>
          <span className="quiet">{percent(share)}</span>
        </div>
      </td>
    </>
  );
}

const HEIGHT = 190;
const MARGIN = { top: 20, right: 16, bottom: 34, left: 38 };
const NAMED = 12;

/** AP of each class over its labels in training: whether rare classes are those that score low. */
function BalanceChart({ shown }: { readonly shown: readonly ClassProfile[] }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const open = (at: number) => {
    const own = shown[at];
    if (own) openBehind({ category: own.id, words: `Images with ${own.name}` });
  };
  const { mark } = useRoving(shown.length, shown.length, open);
  const counts = shown.map((own) => own.training!);
  const x = scaleLog(
    [Math.min(...counts) / 1.5, Math.max(...counts) * 1.5],
    [MARGIN.left, Math.max(MARGIN.left + 1, width - MARGIN.right)],
  );
  const y = scaleLinear([0, 1], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const [left, right] = x.range() as [number, number];
  return (
    <figure className="data-chart">
      <figcaption>
        <b>AP by labels in training</b> <span className="quiet">a class a dot</span>
      </figcaption>
      <div ref={place}>
        <svg
          className="chart"
          height={HEIGHT}
          role="group"
          aria-label="AP of each class by its labels in training"
        >
          <g aria-hidden="true">
            {[0, 0.5, 1].map((tick) => (
              <g key={tick}>
                <line
                  className={tick === 0 ? 'axis' : 'grid'}
                  x1={left}
                  x2={right}
                  y1={y(tick)}
                  y2={y(tick)}
                />
                <text x={left - 6} y={y(tick)} dy="0.35em" textAnchor="end">
                  {tick.toFixed(1)}
                </text>
              </g>
            ))}
            {x
              .ticks(3)
              .filter((tick) => /^[1-9]0*$/.test(String(tick)) && /^[125]/.test(String(tick)))
              .map((tick) => (
                <text key={tick} x={x(tick)} y={y(0) + 15} textAnchor="middle">
                  {count(tick)}
                </text>
              ))}
            <text x={right} y={y(0) + 29} textAnchor="end">
              labels in training
            </text>
            <text x={0} y={8}>
              AP
            </text>
          </g>
          {shown.map((own, at) => (
            <g
              key={own.id}
              role="button"
              aria-label={`${own.name}: AP ${score(own.AP)}, ${count(own.training!)} labels in training. Open the images`}
              onClick={() => open(at)}
              {...mark(at)}
            >
              <title>{`${own.name}: AP ${score(own.AP)}, ${count(own.training!)} labels in training`}</title>
              <circle className="dot" cx={x(own.training!)} cy={y(own.AP!)} r={4} />
              <circle className="hit" cx={x(own.training!)} cy={y(own.AP!)} r={9} />
              {shown.length <= NAMED && (
                <text
                  className="label"
                  x={x(own.training!)}
                  y={y(own.AP!) + (at % 2 === 0 ? -9 : 17)}
                  textAnchor={x(own.training!) > (left + right) / 2 ? 'end' : 'start'}
                >
                  {own.name}
                </text>
              )}
            </g>
          ))}
        </svg>
      </div>
    </figure>
  );
}
