import type { Handlers } from '../../contract/call';
import type { CauseState, DiagnosisView } from '../../contract/diagnosis-view';
import type { EngineCalls } from '../../contract/engine-calls';
import type { CauseCode } from '../../core/diagnosis/cause';
import type { Progress } from '../../core/foundation/cancellation';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import { diagnoseRun, rememberState, repairedRun } from '../diagnosis/project-diagnosis';
import { keepBill, trendOf } from '../diagnosis/trend';
import type { EngineState } from '../engine-state';
import { reportOfRun } from '../report/project-report';
import { chooseTraining, trainingKey } from '../training/project-training';

type Names = Extract<keyof EngineCalls, `causes.${string}`>;

const withState = (view: DiagnosisView, code: CauseCode, state: CauseState): DiagnosisView => ({
  ...view,
  causes: view.causes.map((cause) => (cause.code === code ? { ...cause, state } : cause)),
});

interface KnownAnswer {
  readonly revision: number;
  readonly training: string;
  readonly view: DiagnosisView;
}

const keyOf = (...of: readonly [run: number, protocol: string, category: number | null]): string =>
  JSON.stringify(of);

export function causesHandlers(state: EngineState): Pick<Handlers<EngineCalls>, Names> {
  const { context, data, jobs, project } = state;
  /** Answers by what they are of, for as long as the project stands as it was. */
  const known = new Map<string, KnownAnswer>();
  const lookUp = (key: string, run: number): DiagnosisView | null => {
    const answer = known.get(key);
    const isStill =
      answer?.revision === project.revision &&
      answer.training === trainingKey(project.current().session, run);
    return isStill ? answer.view : null;
  };
  const diagnose = async (
    run: number,
    protocol: LiveProtocol,
    category: number | null,
    progress: Progress,
    job: string,
  ): Promise<DiagnosisView> => {
    const { revision } = project;
    const { session } = project.current();
    const training = trainingKey(session, run);
    const step = session.log.nextStep - 1;
    const view = await diagnoseRun(session, run, protocol, category, data, progress, (found) =>
      context.emit('causes.found', { job, view: found }),
    );
    if (category === null && project.isOpen && project.current().session === session)
      keepBill(session, step, view);
    for (const [key, answer] of known) if (answer.revision !== project.revision) known.delete(key);
    known.set(keyOf(run, protocol, category), { revision, training, view });
    return view;
  };
  return {
    'causes.diagnose': ({ job, run, protocol, category, again }) =>
      jobs.run(
        job,
        async (progress) =>
          (again ? null : lookUp(keyOf(run, protocol, category), run)) ??
          diagnose(run, protocol, category, progress, job),
      ),
    'causes.trend': ({ run, protocol }) => trendOf(project.current().session, run, protocol),
    'causes.report': ({ job, run, protocol, category, hasNames, hasPictures }) =>
      jobs.run(job, async (progress) => {
        const view =
          lookUp(keyOf(run, protocol, category), run) ??
          (await diagnose(run, protocol, category, progress, job));
        const options = { version: context.version, hasNames, hasPictures };
        return { html: await reportOfRun(project.current().session, view, options, progress) };
      }),
    'causes.setState': ({ run, code, state: to }) => {
      rememberState(project.current().session, run, code, to);
      for (const [key, answer] of known)
        if (answer.view.run === run) known.set(key, { ...answer, view: withState(answer.view, code, to) });
      return null;
    },
    'causes.setTraining': ({ run, training }) => {
      chooseTraining(project.current().session, run, training);
      return null;
    },
    'causes.repair': ({ job, run, protocol, code }) =>
      jobs.run(job, async (progress) => {
        const { session } = project.current();
        const view =
          lookUp(keyOf(run, protocol, null), run) ?? (await diagnose(run, protocol, null, progress, job));
        const cause = view.causes.find((one) => one.code === code);
        const { name, predictions } = repairedRun(session, run, protocol, cause);
        const { source } = session.run(run);
        session.import(
          {
            truth: null,
            run: { name, source, predictions },
            replace: false,
            author: context.author,
            label: `Repair ${session.run(run).name}: ${cause!.title}`,
          },
          { runs: null, protocols: ['coco'] },
          progress,
        );
        rememberState(session, run, code, 'repaired');
        project.revision++;
        const made = session.runs.find((one) => one.name === name)!;
        return { run: made.id, name, project: state.projectChanged()! };
      }),
  };
}
