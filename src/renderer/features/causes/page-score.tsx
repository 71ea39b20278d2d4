/** The score that the bill is of, and how sure it is. */
import type { ReactNode } from 'react';
import type { DiagnosisView } from '../../../contract/diagnosis-view';
import type { ScoreIntervals } from '../../../contract/metrics-view';
import { useClassName } from '../../state/class-name';
import { engine } from '../../state/engine-client';
import { interval, score as scoreText } from '../../ui/number-text';
import { useAnswer } from '../scores/use-answer';

const INTERVAL = { title: 'Interval of the score', waitsItsTurn: true } as const;

interface PageScoreProps {
  readonly diagnosis: DiagnosisView;
  /** The labels were edited since. */
  readonly isOld: boolean;
}

export function PageScore({ diagnosis, isOld }: PageScoreProps): ReactNode {
  const { metric, category, score } = diagnosis;
  const className = useClassName();
  const intervals = useIntervals(diagnosis, isOld);
  const ends = category === null ? intervals?.metrics[metric] : intervals?.classes[category];
  const of = category === null ? '' : ` of ${className(category)}`;
  return <ScoreFigure score={score} words={`${metric}${of}${ends ? `, ${interval(ends)}, 95 %` : ''}`} />;
}

interface ScoreFigureProps {
  readonly score: number | null;
  /** Which number it is. */
  readonly words: string;
}

export function ScoreFigure({ score, words }: ScoreFigureProps): ReactNode {
  return (
    <div className="page-score">
      <b>{scoreText(score)}</b>
      <span className="quiet">{words}</span>
    </div>
  );
}

/** Asked once the bill is whole, and of the labels that it was made from. */
function useIntervals(diagnosis: DiagnosisView, isOld: boolean): ScoreIntervals | null {
  const { run, protocol, score, pending, madeAt } = diagnosis;
  const isAsked = !isOld && score !== null && pending.length === 0;
  const answer = useAnswer(
    isAsked ? JSON.stringify([run, protocol, madeAt]) : null,
    (job) => engine('metrics.intervals', { job, run, protocol, asTensorflow2ReportsIt: false, part: null }),
    INTERVAL,
  );
  return answer.isOld ? null : answer.value;
}
