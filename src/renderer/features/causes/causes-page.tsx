/** Why is the score low: the answer in a sentence, the bill, and the evidence of each row. */
import { FileText, RefreshCw } from 'lucide-react';
import type { PropsWithChildren, ReactNode, RefObject } from 'react';
import { useEffect, useMemo, useRef } from 'react';
import type { CauseView, DiagnosisView } from '../../../contract/diagnosis-view';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import { useSession } from '../../state/session';
import type { DiagnosisStage } from '../../../core/diagnosis/partial-diagnosis';
import { JobProgress } from '../../ui/job-progress';
import { clock, count } from '../../ui/number-text';
import { useWidth } from '../gallery/use-width';
import type { Bill, BillRow } from '../../../core/diagnosis/waterfall';
import { answerOf, billOf, rowsOf } from '../../../core/diagnosis/waterfall';
import { BillTable } from './bill-table';
import { CausePanel } from './cause-panel';
import { ClassChoice, TrainingChoice } from './choices';
import { ErrorTypes } from './error-types';
import { PageScore, ScoreFigure } from './page-score';
import { Trend } from './trend';
import { NoRun } from '../start/no-run';
import { openQueue } from '../fixes/fixes-state';
import { QueueSummary } from '../fixes/queue-summary';
import {
  diagnoseRun,
  fixKindOf,
  isRepairable,
  LOOKING,
  questionOf,
  repairRun,
  setCauseState,
  stopDiagnosis,
  useCauses,
} from './causes-state';
import './causes.css';

/** Pixels that bill and panel take beside each other. */
const WIDE = 1024;

export function CausesPage(): ReactNode {
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const path = useSession((session) => session.project?.path ?? null);
  const { diagnosis, key, isRunning, category } = useCauses();
  const question = questionOf(path, run, protocol, category);
  useKnownClass();
  const hasNoPredictions = useSession(
    (session) => session.project?.runs.find(({ id }) => id === session.run)?.predictions === 0,
  );
  useEffect(() => {
    if (question === null || question === key) return;
    if (isRunning) void stopDiagnosis();
    else {
      useCauses.setState({ diagnosis: null });
      void diagnoseRun(false);
    }
  }, [question, key, isRunning]);
  useAction('causes.diagnose', () => diagnoseRun(true), run !== null && !isRunning);
  if (run === null)
    return (
      <NoRun
        title="Why is the score low?"
        reason="Causes are looked for once there is a run of predictions."
      />
    );
  if (hasNoPredictions)
    return (
      <NoRun
        title="The run has no predictions"
        reason="Nothing that is labelled is found, so the score is 0. Was the right file read, and was no confidence threshold set too high?"
      />
    );
  if (!diagnosis || key !== question) return <NothingKnown isRunning={isRunning} />;
  return <Diagnosis diagnosis={diagnosis} />;
}

/** The question, its answer, and the figures beside them. */
function Heading({ answer, children }: PropsWithChildren<{ readonly answer: string }>): ReactNode {
  return (
    <header>
      <div className="grow">
        <h1>Why is the score low?</h1>
        <p className="answer">{answer}</p>
      </div>
      {children}
    </header>
  );
}

/** The page as it will be, as far as it is known: what comes in later moves nothing. */
function NothingKnown({ isRunning }: { readonly isRunning: boolean }): ReactNode {
  const score = useSession((session) => session.score);
  const [frame, isWide] = useFrame();
  return (
    <div className="causes" ref={frame} data-columns={isWide ? 2 : 1}>
      <div className="causes-main" data-pane>
        <Heading answer={isRunning ? 'Looking for causes.' : 'Not looked for yet.'}>
          {score && <ScoreFigure score={score.value} words={score.metric} />}
        </Heading>
        <p className="quiet">
          Repairs are tried on a copy and scored again; nothing is changed. What is found shows at once.
        </p>
        <div className="row">
          {isRunning ? <JobProgress title={LOOKING} /> : <ActionButton action="causes.diagnose" isPrimary />}
        </div>
      </div>
    </div>
  );
}

/** A class of another project is asked about no more. */
function useKnownClass(): void {
  const categories = useSession((session) => session.project?.categories);
  const category = useCauses((state) => state.category);
  useEffect(() => {
    if (category !== null && !categories?.some(({ id }) => id === category))
      useCauses.setState({ category: null });
  }, [categories, category]);
}

/** The panel is beside the bill where there is room, else right after it: what can be done is never far from a cause. */
function useFrame(): readonly [frame: RefObject<HTMLDivElement | null>, isWide: boolean] {
  const frame = useRef<HTMLDivElement>(null);
  return [frame, useWidth(frame) >= WIDE];
}

function Diagnosis({ diagnosis }: { readonly diagnosis: DiagnosisView }): ReactNode {
  const chosen = useCauses((state) => state.chosen);
  const isOld = useSession((session) => session.revision) !== useCauses((state) => state.revision);
  const order = useCauses((state) => state.order);
  const bill = useMemo(
    () => billOf(diagnosis.causes, diagnosis.score, diagnosis.scoreAfterAll, order),
    [diagnosis, order],
  );
  const rows = rowsOf(bill);
  const chosenRow = rows.find(({ key }) => key === chosen) ?? rows[0];
  const shown = chosenRow?.cause ?? bill.settled[0] ?? null;
  const isWhole = diagnosis.pending.length === 0;
  useCauseActions(rows, chosenRow ?? null, shown);
  const [frame, isWide] = useFrame();
  const panel = shown && <CausePanel cause={shown} />;
  return (
    <div className="causes" ref={frame} data-columns={isWide ? 2 : 1}>
      <div className="causes-main" data-pane>
        <Heading answer={answerOf(bill, diagnosis.heldBack.length, isWhole, diagnosis.errorTypes)}>
          <ClassChoice />
          <PageScore diagnosis={diagnosis} isOld={isOld} />
        </Heading>
        <div className="row wraps quiet">
          {isWhole ? (
            <>
              <span>
                {bill.settled.length > 0 && `${settledWords(bill)}; `}
                {diagnosis.checksPassed} checks found nothing
              </span>
              <TrainingChoice diagnosis={diagnosis} />
            </>
          ) : (
            <NotWhole diagnosis={diagnosis} />
          )}
          <span className="grow" />
          <span>
            Diagnosis of {clock(diagnosis.madeAt)}
            {isOld ? ', before the last edits' : ''}
          </span>
          <ActionButton action="causes.report">
            <FileText size={14} aria-hidden="true" /> Report
          </ActionButton>
          <ActionButton action="causes.diagnose">
            <RefreshCw size={14} aria-hidden="true" /> Look again
          </ActionButton>
        </div>
        <BillTable
          diagnosis={diagnosis}
          bill={bill}
          chosen={chosenRow?.key ?? null}
          onChoose={(key) => useCauses.setState({ chosen: key })}
        />
        {!isWide && panel}
        {diagnosis.heldBack.length > 0 && <HeldBack diagnosis={diagnosis} />}
        {bill.settled.length > 0 && <Settled causes={bill.settled} />}
        {diagnosis.errorTypes && <ErrorTypes prices={diagnosis.errorTypes} />}
        <QueueSummary />
        <Trend madeAt={diagnosis.madeAt} />
      </div>
      {isWide && panel}
    </div>
  );
}

const STAGE_WORDS: Readonly<Record<DiagnosisStage, string>> = {
  bookkeeping: 'bookkeeping',
  labels: 'labels',
  data: 'data',
  training: 'training',
  prices: 'how sure the prices are',
};

/** What is still to come, or what was not looked at because somebody stopped it. */
function NotWhole({ diagnosis: { pending } }: { readonly diagnosis: DiagnosisView }): ReactNode {
  const isRunning = useCauses((state) => state.isRunning);
  const words = new Intl.ListFormat('en').format(pending.map((stage) => STAGE_WORDS[stage]));
  return (
    <span role="status">
      {isRunning
        ? `Known so far; prices and order may change. Still to come: ${words}. `
        : `Stopped before it was whole. Not looked at: ${words}.`}
      {isRunning && (
        <button type="button" className="link" onClick={() => void stopDiagnosis()}>
          Stop
        </button>
      )}
    </span>
  );
}

function useCauseActions(
  rows: readonly BillRow<CauseView>[],
  chosen: BillRow<CauseView> | null,
  shown: CauseView | null,
): void {
  const openImage = useSession((session) => session.openImage);
  const move = (by: number) => {
    const at = chosen ? rows.indexOf(chosen) : 0;
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    useCauses.setState({ chosen: next?.key ?? null });
  };
  useAction('causes.next', () => move(1), rows.length > 1);
  useAction('causes.previous', () => move(-1), rows.length > 1);
  useAction(
    'causes.images',
    () => openImage(shown!.images[0]!, { queue: shown!.images }),
    (shown?.images.length ?? 0) > 0,
  );
  useAction(
    'causes.accept',
    () => setCauseState(shown!.code, shown!.state === 'accepted' ? 'open' : 'accepted'),
    shown !== null,
  );
  useAction('causes.fix', () => openQueue(shown && fixKindOf(shown)));
  useAction('causes.repair', () => repairRun(shown!.code), shown !== null && isRepairable(shown));
}

function settledWords({ settled }: Bill<CauseView>): string {
  const repaired = settled.filter(({ state }) => state === 'repaired').length;
  const accepted = settled.length - repaired;
  return [repaired > 0 ? `${repaired} repaired` : '', accepted > 0 ? `${accepted} accepted` : '']
    .filter(Boolean)
    .join(', ');
}

/** While the bookkeeping is wrong, advice on labels, data and training would be built on false numbers. */
function HeldBack({ diagnosis: { heldBack } }: { readonly diagnosis: DiagnosisView }): ReactNode {
  return (
    <section>
      <h2>Held back</h2>
      <p className="quiet">
        {count(heldBack.length)} more may be at work, but the numbers under them are false until what stands
        above is repaired: {heldBack.map((code) => code.replaceAll('-', ' ')).join(', ')}.
      </p>
    </section>
  );
}

function Settled({ causes }: { readonly causes: readonly CauseView[] }): ReactNode {
  return (
    <details>
      <summary>Repaired and accepted</summary>
      <ul>
        {causes.map(({ code, title, state }) => (
          <li key={code}>
            {title} <span className="quiet">{state}</span>{' '}
            {state === 'accepted' && (
              <button type="button" className="link" onClick={() => void setCauseState(code, 'open')}>
                Open it again
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
