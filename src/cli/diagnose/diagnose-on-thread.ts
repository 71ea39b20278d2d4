/** Diagnosis on a thread of its own: a signal is heard while it goes on, and what is known by then is told. */
import type { Diagnosis } from '../../core/diagnosis/diagnose';
import type { PartialDiagnosis } from '../../core/diagnosis/partial-diagnosis';
import type { Progress } from '../../core/foundation/cancellation';
import { runOnThread } from '../../engine/diagnosis/run-on-thread';
import type { DiagnosisTask } from '../../engine/diagnosis/thread';
import { foundLine, partialText } from './diagnosis-text';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** On a terminal each cause is named on stderr as it is found. */
export async function diagnoseOnThread(task: DiagnosisTask, progress: Progress): Promise<Diagnosis> {
  let known: PartialDiagnosis | null = null;
  const named = new Set<string>();
  const take = (partial: PartialDiagnosis): void => {
    known = partial;
    if (!process.stderr.isTTY) return;
    for (const cause of partial.causes) {
      const line = foundLine(cause);
      if (!named.has(line)) process.stderr.write(`\r\u001b[K${line}\n`);
      named.add(line);
    }
  };
  const tellKnown = (): void => {
    if (known) process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${partialText(known)}`);
  };
  // Before whoever ends the process.
  for (const signal of SIGNALS) process.prependOnceListener(signal, tellKnown);
  try {
    return (await runOnThread('diagnosis', task, progress, take)).diagnosis;
  } finally {
    for (const signal of SIGNALS) process.off(signal, tellKnown);
  }
}
