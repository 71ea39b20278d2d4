/** What Metrics and Compare can both do. */
import { useAction } from '../../app/use-action';
import { useSession } from '../../state/session';
import { useScores } from './scores-state';

const STEP = 0.01;

function moveConfidence(step: number): void {
  const { point, setPoint } = useSession.getState();
  setPoint({ ...point, score: Number(Math.min(1, Math.max(0, point.score + step)).toFixed(2)) });
}

export function useScoresActions(): void {
  const part = useScores((state) => state.part);
  const change = useScores((state) => state.change);
  useAction('scores.part', () => change({ isChoosingPart: true }));
  useAction('scores.wholeSet', () => change({ part: null }), part !== null);
  useAction('scores.confidenceDown', () => moveConfidence(-STEP));
  useAction('scores.confidenceUp', () => moveConfidence(STEP));
}
