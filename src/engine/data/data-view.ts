/** The profile of the open project's data, as the window shows it. */
import type { DataCauseView, DataView, ModelInputChoice } from '../../contract/data-view';
import { modelInputSchema } from '../../contract/data-view';
import type { ProfileTask } from '../../core/diagnosis/data/profile/profile';
import type { FoundCause } from '../../core/diagnosis/cause';
import type { Progress } from '../../core/foundation/cancellation';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import { runOnThread } from '../diagnosis/run-on-thread';
import { situationOfRun } from '../diagnosis/situation-of-run';
import { rememberedMeasurement } from '../inference/measure/remembered';
import type { ProjectSession } from '../project/session';
import { readMeta, writeMeta } from '../store/meta';
import { trainingOf } from '../training/project-training';
import type { DataTools } from './data-tools';
import { projectSources } from './diagnosis-sources';

/** Key in the project file. */
const INPUT = 'modelInput';
/** A bar has to open all images behind it, so that all of an ordinary set are looked at. */
const DEPTH = { looks: 5000, prints: 20_000 };

export function readInput(session: ProjectSession): ModelInputChoice {
  const text = readMeta(session.db, INPUT);
  return text === null ? 'configured' : modelInputSchema.parse(JSON.parse(text));
}

export function rememberInput(session: ProjectSession, input: ModelInputChoice): void {
  writeMeta(session.db, INPUT, JSON.stringify(input));
}

export async function dataView(
  session: ProjectSession,
  tools: DataTools,
  run: number | null,
  protocol: LiveProtocol,
  progress: Progress,
): Promise<DataView> {
  const plain = run === null ? null : situationOfRun(session, run, protocol);
  const known = await projectSources(session, tools, plain, DEPTH, progress, true);
  const { facts, training } = known;
  const situation = plain && { ...plain, facts };
  const logs = run === null ? null : await trainingOf(session, run, progress);
  const configured = logs?.run?.config?.resizer ?? null;
  const input = readInput(session);
  const task: ProfileTask = {
    situation,
    truth: situation?.truth ?? session.data.asTruth(),
    sources: {
      ...known.sources,
      training: logs?.run ?? null,
      measured: run === null ? null : rememberedMeasurement(session, run),
    },
    resizer: input === 'configured' ? configured : input,
  };
  const { causes, duplicates, ...profile } = await runOnThread('profile', task, progress);
  const { images } = session.data;
  const within = training?.set.within ?? null;
  return {
    run,
    protocol,
    profile,
    causes: causes.map((cause) => causeView(cause, images)).sort((a, b) => (b.gain ?? 0) - (a.gain ?? 0)),
    duplicates: duplicates.map(({ image, twin, correlation }) => ({
      image: images[image]!.key,
      name: images[image]!.fileName,
      twin: training!.set.truth.images[twin]!.fileName,
      twinImage: within ? images[within[twin]!]!.key : null,
      correlation,
    })),
    training: training?.view ?? null,
    trainingProblem: known.trainingProblem,
    input,
    configured,
    hasImageColumns: session.data.format === 'csv',
  };
}

function causeView(
  { code, title, action, price, evidence, images: shown }: FoundCause,
  images: readonly { readonly key: number }[],
): DataCauseView {
  return {
    code,
    title,
    action,
    gain: price?.gain ?? null,
    interval: price?.interval ?? null,
    confidence: price?.confidence ?? null,
    evidence,
    images: shown.map((image) => images[image]!.key),
  };
}
