/** What was found, in sentences and small tables, as the report has it. */
import type { ReactNode } from 'react';
import type { Evidence } from '../../../core/diagnosis/cause';
import { evidenceInWords } from '../../../core/diagnosis/evidence-words';

export function CauseEvidence({ evidence }: { readonly evidence: Evidence }): ReactNode {
  const { sentences, rows, tables } = evidenceInWords(evidence);
  return (
    <>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {rows.length > 0 && (
        <table className="cause-evidence">
          <tbody>
            {rows.map(({ name, value }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {tables.map(({ name, columns, rows: cells, left }) => (
        <table className="cause-evidence" key={name}>
          <caption>{name}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th scope="col" key={column}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cells.map((row) => (
              <tr key={row[0]}>
                {row.map((cell, at) => (
                  <td key={columns[at]}>{cell}</td>
                ))}
              </tr>
            ))}
            {left > 0 && (
              <tr>
                <td colSpan={columns.length}>and {left} more</td>
              </tr>
            )}
          </tbody>
        </table>
      ))}
    </>
  );
}
