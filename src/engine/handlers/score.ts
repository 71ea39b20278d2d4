import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import { f1, precision, recall, scoreHistogram } from '../../core/metrics/counts';
import type { EngineState } from '../engine-state';

export function scoreHandlers({
  project,
}: EngineState): Pick<Handlers<EngineCalls>, 'score.current' | 'score.counts'> {
  return {
    'score.current': ({ run, protocol }) => project.score(run, protocol),
    'score.counts': ({ run, protocol, point }) => {
      const { session } = project.current();
      const counts = session.scorer(run, protocol).counts(point);
      return {
        ...counts,
        precision: precision(counts),
        recall: recall(counts),
        f1: f1(counts),
        histogram: [...scoreHistogram(session.data.predictions(run).columns.score)],
      };
    },
  };
}
