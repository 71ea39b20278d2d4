/** The scores of the run under the chosen protocol. */
import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ClassScores, AppProtocol } from '../../../core/metrics/evaluation';
import { app } from '../../state/app-client';
import { useSession } from '../../state/session';
import { count, score as scoreText } from '../../ui/number-text';
import './metrics.css';

const CAPTIONS: Readonly<Record<AppProtocol, string>> = {
  coco: 'COCO: as pycocotools, equal in every cell. AP is the mean over ten IoU thresholds from 0.50 to 0.95, 101 recall points, at most 100 detections an image and class.',
  voc2007:
    'Pascal VOC 2007: 11 recall points, IoU above 0.5, pixels counted inclusively, difficult objects left out.',
  voc2012:
    'Pascal VOC 2010 and later: area under the curve, IoU above 0.5, pixels counted inclusively, difficult objects left out.',
};
type Column = Exclude<keyof ClassScores, 'id' | 'name' | 'truth' | 'predictions'>;
const COLUMNS: Readonly<Record<AppProtocol, readonly Column[]>> = {
  coco: ['AP', 'AP50', 'AP75', 'AR100'],
  voc2007: ['AP'],
  voc2012: ['AP'],
};

/** A field of a CSV; text that a spreadsheet would run gets an apostrophe. */
const field = (text: string): string =>
  `"${(/^[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

export function MetricsPage(): ReactNode {
  const score = useSession((session) => session.score);
  const showToast = useSession((session) => session.showToast);
  if (!score) return <div className="empty">Scores appear with the first run of predictions.</div>;
  const columns = COLUMNS[score.protocol];
  const copy = async () => {
    const lines = score.classes.map((row) =>
      [
        field(row.name ?? 'all classes'),
        row.truth,
        row.predictions,
        ...columns.map((column) => row[column] ?? ''),
      ].join(','),
    );
    await app('clipboard.write', {
      text: [['class', 'truth', 'predictions', ...columns].join(','), ...lines, ''].join('\n'),
    });
    showToast('The table is on the clipboard, as CSV.');
  };
  return (
    <div className="metrics" data-pane>
      <h1>
        {score.metric} {scoreText(score.value, 4)}
      </h1>
      <p className="quiet caption-text">{CAPTIONS[score.protocol]}</p>
      <dl className="metric-grid">
        {Object.entries(score.metrics).map(([key, value]) => (
          <div key={key} title={value === null ? 'Undefined: no ground truth counts here' : undefined}>
            <dt>{key}</dt>
            <dd>{scoreText(value)}</dd>
          </div>
        ))}
      </dl>
      <div className="row">
        <h2>By class</h2>
        <span className="grow" />
        <button type="button" className="button" onClick={() => void copy()}>
          <Copy size={14} aria-hidden="true" /> Copy as CSV
        </button>
      </div>
      <table>
        <thead>
          <tr>
            <th>Class</th>
            <th className="number">Truth</th>
            <th className="number">Predictions</th>
            {columns.map((column) => (
              <th key={column} className="number">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {score.classes.map((row) => (
            <tr key={row.id}>
              <td>{row.name ?? 'all classes'}</td>
              <td className="number">{count(row.truth)}</td>
              <td className="number">{count(row.predictions)}</td>
              {columns.map((column) => (
                <td key={column} className="number">
                  {scoreText(row[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
