/** Starts the thread of a long evaluation, hands its progress on, and ends it where the work is cancelled. */
import { Worker } from 'node:worker_threads';
import { diagnosisThread } from 'virtual:diagnosis-thread';
import type { PartialDiagnosis } from '../../core/diagnosis/partial-diagnosis';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { ThreadAnswers, ThreadMessage, ThreadTasks } from './thread';

const ASK_EVERY = 100;

/** Throws `Cancelled` where the owner cancels. `onPartial`: told what a diagnosis knows so far. */
export async function runOnThread<K extends keyof ThreadTasks>(
  name: K,
  task: ThreadTasks[K],
  progress: Progress,
  onPartial?: (partial: PartialDiagnosis) => void,
): Promise<ThreadAnswers[K]> {
  const thread = new Worker(diagnosisThread, { eval: true, workerData: { name, task } });
  let asking: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      asking = setInterval(() => {
        try {
          progress.check();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }, ASK_EVERY);
      const take = (message: ThreadMessage): void => {
        if (message.kind === 'done') resolve(message.answer as ThreadAnswers[K]);
        else if (message.kind === 'partial') onPartial?.(message.partial);
        else if (message.kind === 'refused') {
          const { code, message: text, next, where } = message.refusal;
          reject(new BadInput(code, text, next, where));
        } else progress.report(message.stage, message.done, message.total);
      };
      thread.on('message', (message: ThreadMessage) => {
        try {
          take(message);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      thread.on('error', reject);
      thread.on('exit', (code) => reject(new Error(`The thread of “${name}” ended with ${code}.`)));
    });
  } finally {
    clearInterval(asking);
    await thread.terminate();
  }
}
