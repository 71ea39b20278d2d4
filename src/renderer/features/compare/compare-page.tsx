/** Two runs on the same labels: what is better, by how much, and what changed for which annotation. */
import { ArrowLeftRight, ListFilter } from 'lucide-react';
import type { ReactNode } from 'react';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import { useSession } from '../../state/session';
import { Select } from '../../ui/select';
import '../metrics/metrics.css';
import { PartDialog } from '../scores/part-dialog';
import { PartStrip } from '../scores/part-strip';
import { useScores } from '../scores/scores-state';
import { useScoresActions } from '../scores/use-scores-actions';
import { NoRun } from '../start/no-run';
import './compare.css';
import { verdict } from './comparison-words';
import { DifferencesTable } from './differences-table';
import type { Pair } from './use-comparison';
import { useComparison, usePair } from './use-comparison';
import { WhatChanged } from './what-changed';
import { WorkQueue } from './work-queue';

export function ComparePage(): ReactNode {
  const pair = usePair();
  const isChoosing = useScores((state) => state.isChoosingPart);
  const change = useScores((state) => state.change);
  if (!pair)
    return (
      <NoRun
        title="Two runs are compared here"
        reason="Add the predictions of another model, or of another step of the same one."
      />
    );
  return (
    <>
      <Comparison pair={pair} />
      {isChoosing && <PartDialog onClose={() => change({ isChoosingPart: false })} />}
    </>
  );
}

function Comparison({ pair }: { readonly pair: Pair }): ReactNode {
  useScoresActions();
  const { comparison, differences } = useComparison(pair);
  const { value, isOld, error } = comparison;
  const { answer, rest } = verdict(differences[0], value?.scored.images ?? 0);
  return (
    <div className="scores-page">
      <PartStrip scored={value?.scored ?? null} error={error} />
      <div className="compare">
        <div className="compare-top">
          <section aria-labelledby="compare-title" data-pane>
            <div className="section-head">
              <h1 id="compare-title">Two runs</h1>
              <span className="grow" />
              <Runs pair={pair} />
            </div>
            <p className="answer" aria-live="polite" data-testid="verdict">
              {value && (
                <>
                  <b>{answer}</b>
                  {rest}
                </>
              )}
            </p>
            <DifferencesTable pair={pair} differences={differences} isOld={isOld} />
          </section>
          <section aria-label="What changed" data-pane>
            <WhatChanged pair={pair} comparison={comparison} />
          </section>
        </div>
        <WorkQueue pair={pair} comparison={value} />
      </div>
    </div>
  );
}

function Runs({ pair }: { readonly pair: Pair }): ReactNode {
  const runs = useSession((session) => session.project?.runs) ?? [];
  const change = useScores((state) => state.change);
  const choose = (first: number, second: number) => change({ pair: [first, second], cursor: 0 });
  useAction('compare.swap', () => choose(pair.second, pair.first));
  const options = runs.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <div className="compared-runs">
      <Select
        label="A"
        value={pair.first}
        options={options}
        onChange={(run) => choose(run, run === pair.second ? pair.first : pair.second)}
        prefix={<span className="quiet">A</span>}
      />
      <ActionButton action="compare.swap" isIcon>
        <ArrowLeftRight size={16} />
      </ActionButton>
      <Select
        label="B"
        value={pair.second}
        options={options}
        onChange={(run) => choose(run === pair.first ? pair.second : pair.first, run)}
        prefix={<span className="quiet">B</span>}
      />
      <ActionButton action="scores.part">
        <ListFilter size={14} aria-hidden="true" /> Part of the set
      </ActionButton>
    </div>
  );
}
