/** Starts the thread of a diagnosis, hands its progress on, and ends it where the work is cancelled. */
import { Worker } from 'node:worker_threads';
import { diagnosisThread } from 'virtual:diagnosis-thread';
import type { Diagnosis } from '../../core/diagnosis/diagnose';
import type { Progress } from '../../core/foundation/cancellation';
import type { DiagnosisMessage, DiagnosisTask } from './thread';

const ASK_EVERY = 100;

/** Throws `Cancelled` where the owner cancels. */
export async function runDiagnosis(
  task: DiagnosisTask,
  progress: Progress,
): Promise<{ readonly diagnosis: Diagnosis; readonly checks: number }> {
  const thread = new Worker(diagnosisThread, { eval: true, workerData: task });
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
      thread.on('message', (message: DiagnosisMessage) => {
        if (message.kind === 'done') resolve(message);
        else progress.report(message.stage, message.done, message.total);
      });
      thread.on('error', reject);
      thread.on('exit', (code) => reject(new Error(`The thread of the diagnosis ended with ${code}.`)));
    });
  } finally {
    clearInterval(asking);
    await thread.terminate();
  }
}
