/** The two sliders and what they move: never the AP, always the counts. */
import type { CSSProperties, ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { PointCounts } from '../../../contract/view-types';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { count, score } from '../../ui/number-text';

export function usePointCounts(): PointCounts | null {
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const point = useSession((session) => session.point);
  const revision = useSession((session) => session.revision);
  const [counts, setCounts] = useState<PointCounts | null>(null);
  useEffect(() => {
    if (run === null) return;
    let isCurrent = true;
    engine('score.counts', { run, protocol, point }).then(
      (answer) => isCurrent && setCounts(answer),
      () => undefined, // the page's own query tells what is wrong
    );
    return () => {
      isCurrent = false;
    };
  }, [run, protocol, point, revision]);
  return run === null ? null : counts;
}

/** How far a slider's line is filled, for its style. */
const filled = (fraction: number): CSSProperties => ({ '--filled': `${100 * fraction}%` }) as CSSProperties;

export function OperatingPointBar(): ReactNode {
  const point = useSession((session) => session.point);
  const setPoint = useSession((session) => session.setPoint);
  const counts = usePointCounts();
  if (!counts) return null;
  const most = Math.max(1, ...counts.histogram);
  return (
    <div className="point-bar">
      <label className="slider">
        IoU at least
        <input
          type="range"
          min={0.5}
          max={0.95}
          step={0.05}
          value={point.iou}
          style={filled((point.iou - 0.5) / 0.45)}
          aria-valuetext={point.iou.toFixed(2)}
          onChange={(event) => setPoint({ ...point, iou: Number(Number(event.target.value).toFixed(2)) })}
        />
        <output>{point.iou.toFixed(2)}</output>
      </label>
      <label className="slider">
        Confidence at least
        <span className="histogram-slider">
          <svg viewBox="0 0 40 10" preserveAspectRatio="none" aria-hidden="true">
            {counts.histogram.map((value, bin) => {
              const height = (10 * Math.log1p(value)) / Math.log1p(most);
              return (
                <rect
                  key={bin}
                  x={bin + 0.1}
                  y={10 - height}
                  width={0.8}
                  height={height}
                  data-in={bin / 40 >= point.score - 1e-9}
                />
              );
            })}
          </svg>
          <input
            type="range"
            min={0}
            max={1}
            step={0.01}
            value={point.score}
            style={filled(point.score)}
            aria-valuetext={point.score.toFixed(2)}
            onChange={(event) => setPoint({ ...point, score: Number(event.target.value) })}
          />
        </span>
        <output>{point.score.toFixed(2)}</output>
      </label>
      <span className="grow" />
      <dl className="counts" data-testid="counts">
        <Count name="True positives" value={count(counts.truePositives)} />
        <Count name="False positives" value={count(counts.falsePositives)} />
        <Count name="Misses" value={count(counts.misses)} />
        <Count name="Precision" value={score(counts.precision)} />
        <Count name="Recall" value={score(counts.recall)} />
        <Count name="F1" value={score(counts.f1)} />
      </dl>
    </div>
  );
}

function Count({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
