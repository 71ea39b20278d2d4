/** Where the files come from, as far as their names tell. */
import type { ReactNode } from 'react';
import type { DataView } from '../../../contract/data-view';
import { count, score } from '../../ui/number-text';
import { percent } from './data-words';
import { openBehind } from './open-behind';

export function SourcesPart({ profile }: { readonly profile: DataView['profile'] }): ReactNode {
  const { sources, evaluation, training } = profile;
  const hasRecall = sources.some(({ recall }) => recall !== null);
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">Folder and beginning of the name</th>
          <th scope="col" className="number">
            Evaluation
          </th>
          {training && (
            <th scope="col" className="number">
              Training
            </th>
          )}
          {hasRecall && (
            <th scope="col" className="number">
              Recall
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {sources.map(({ name, evaluation: images, training: before, recall }) => (
          <tr key={name}>
            <th scope="row">{name === '' ? 'others' : name}</th>
            <td className="number">
              {name === '' || images === 0 ? (
                count(images)
              ) : (
                <button
                  type="button"
                  className="boxes"
                  title={`Open the images ${name}`}
                  onClick={() => openBehind({ source: name, words: `Source ${name}` })}
                >
                  {count(images)}
                  <span className="visually-hidden">: open the images {name}</span>
                </button>
              )}{' '}
              <span className="quiet">{percent(images / Math.max(1, evaluation.images))}</span>
            </td>
            {training && (
              <td className="number">
                {count(before ?? 0)}{' '}
                <span className="quiet">{percent((before ?? 0) / Math.max(1, training.images))}</span>
              </td>
            )}
            {hasRecall && <td className="number">{score(recall)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
