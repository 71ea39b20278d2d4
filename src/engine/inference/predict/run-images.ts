/** Sends images to a session and takes their results, with progress, pause and cancel. */
import type { Progress } from '../../../core/foundation/cancellation';
import type { SessionEvent, StartProcess } from '../session/client';
import { SessionClient } from '../session/client';
import type { OpenedModel, SessionImage, SessionRequest } from '../session/messages';

/** Images sent and not yet answered: enough for the threads there. A pause holds back those that no run has begun with. */
const OUTSTANDING = 64;
const ASK_EVERY_MS = 150;
const PAUSED = 'Paused';

export interface Pause {
  readonly isPaused: boolean;
}

export interface ImageRun {
  readonly start: StartProcess;
  readonly request: SessionRequest;
  readonly images: readonly SessionImage[];
  readonly progress: Progress;
  readonly pause?: Pause;
  readonly stage: string;
  /** What was taken is kept when the run ends early. */
  readonly isKept: boolean;
  /** Called before anything else, and again where the first images showed another engine to be the better one. */
  readonly opened: (model: OpenedModel) => void;
  /** Results in the order of the images. What it throws ends the run. */
  readonly take: (event: ImageEvent) => void;
}

/** What comes besides the engine itself. */
export type ImageEvent = Exclude<SessionEvent, { readonly kind: 'engine' }>;

/** Images that an event answers. */
function answered(event: SessionEvent): number {
  return event.kind === 'results' ? event.results.length : event.kind === 'failed' ? 1 : 0;
}

/** Throws `BadInput` where the model or its process fails, `Cancelled` where it was cancelled. */
export async function runImages(run: ImageRun): Promise<void> {
  const { images, progress, pause, request, stage } = run;
  progress.report('Loading the model', 0, null);
  const { client, opened } = await SessionClient.open(run.start, request, run.isKept);
  run.opened(opened);
  const most = Math.max(OUTSTANDING, 3 * (request.batch ?? 1));
  let sent = 0;
  let done = 0;
  // A stage of its own: time that passes in a pause counts in no rate.
  const tell = (isPaused: boolean): void => progress.report(isPaused ? PAUSED : stage, done, images.length);
  const send = (): void => {
    if (pause?.isPaused) return;
    const next = images.slice(sent, sent + most - (sent - done));
    if (next.length === 0) return;
    client.send(next);
    sent += next.length;
    if (sent === images.length) client.flush();
  };
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const guarded = (work: () => void): void => {
        try {
          work();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      let wasPaused = false;
      const step = (): void => {
        progress.check();
        const isPaused = pause?.isPaused ?? false;
        if (isPaused !== wasPaused) {
          client.hold(isPaused);
          tell(isPaused);
        }
        wasPaused = isPaused;
        if (done === images.length) resolve();
        else send();
      };
      client.listen(
        (event) =>
          guarded(() => {
            if (event.kind === 'engine') run.opened(event.opened);
            else run.take(event);
            done += answered(event);
            tell(pause?.isPaused ?? false);
            step();
          }),
        reject,
      );
      timer = setInterval(() => guarded(step), ASK_EVERY_MS);
      guarded(step);
    });
  } finally {
    clearInterval(timer);
    client.close();
  }
}
