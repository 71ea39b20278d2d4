import type { Handlers } from '../../contract/call';
import type { CauseState, DiagnosisView } from '../../contract/diagnosis-view';
import type { EngineCalls } from '../../contract/engine-calls';
import type { CauseCode } from '../../core/diagnosis/cause';
import { diagnoseRun, rememberState, repairedRun } from '../diagnosis/project-diagnosis';
import type { EngineState } from '../engine-state';

type Names = Extract<keyof EngineCalls, `causes.${string}`>;

const withState = (view: DiagnosisView, code: CauseCode, state: CauseState): DiagnosisView => ({
  ...view,
  causes: view.causes.map((cause) => (cause.code === code ? { ...cause, state } : cause)),
});

export function causesHandlers(state: EngineState): Pick<Handlers<EngineCalls>, Names> {
  const { context, jobs, project } = state;
  /** The last answer, for as long as the project stands as it was. */
  let known: { readonly revision: number; readonly view: DiagnosisView } | null = null;
  const isKnown = (run: number, protocol: string): boolean =>
    known?.revision === project.revision && known.view.run === run && known.view.protocol === protocol;
  return {
    'causes.diagnose': ({ job, run, protocol, again }) =>
      jobs.run(job, async (progress) => {
        if (!again && isKnown(run, protocol)) return known!.view;
        const { revision } = project;
        const view = await diagnoseRun(project.current().session, run, protocol, progress);
        known = { revision, view };
        return view;
      }),
    'causes.setState': ({ run, code, state: to }) => {
      rememberState(project.current().session, run, code, to);
      if (known?.view.run === run) known = { ...known, view: withState(known.view, code, to) };
      return null;
    },
    'causes.repair': ({ job, run, protocol, code }) =>
      jobs.run(job, async (progress) => {
        const { session } = project.current();
        const view = isKnown(run, protocol)
          ? known!.view
          : await diagnoseRun(session, run, protocol, progress);
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
