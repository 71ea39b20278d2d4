/**
 * Text formats of lines end wherever a line ends, so a file that was cut off can look whole. What can be told is told: a
 * last line that does not end, and files without a byte, which stand for images without objects.
 */
import type { RecordReporter } from './reading';

/** Whether the last line ends; white space after it counts for nothing. */
export const endsInLine = (text: string): boolean => /[\r\n]\s*$/.test(text.slice(-64));

/** Of a folder of label files. */
export class LineEnds {
  #closed = 0;
  #open: string[] = [];
  #empty: string[] = [];

  /** `text`: of a whole file. */
  add(text: string, file: string): void {
    if (text === '') this.#empty.push(file);
    else this.addFile(file, endsInLine(text));
  }

  /** `isClosed`: whether the last line of a file that is not empty ends. */
  addFile(file: string, isClosed: boolean): void {
    if (isClosed) this.#closed++;
    else this.#open.push(file);
  }

  report(report: RecordReporter): void {
    const [first] = this.#open;
    // Some programs never end the last line; among files that do, one that does not was hardly meant so.
    if (first !== undefined && this.#closed > 0)
      report.note(
        'line-not-ended',
        'warning',
        'The last line of a label file does not end, unlike those of others: the file may have been cut off there.',
        { file: first },
        this.#open.length,
      );
    const [empty] = this.#empty;
    if (empty !== undefined)
      report.note(
        'labels-empty',
        'info',
        'Label files without any content are read as images without objects.',
        { file: empty },
        this.#empty.length,
      );
  }
}

/** Of a table in one file, whose last line does not end. */
export function noteOpenEnd(report: RecordReporter, file: string): void {
  report.note(
    'line-not-ended',
    'info',
    'The last line of the file does not end: the file is as it was written, or was cut off there.',
    { file },
  );
}
