/** Other schedules to lay over the one that was used, with the configuration's lines for each. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { TrainingView } from '../../../contract/training-view';
import { linesOf, proposedSchedule } from '../../../core/training/config-change';
import { parseRateFormula } from '../../../core/training/rate-formula';
import type { Schedule } from '../../../core/training/schedule';
import { highestRate, rateAt } from '../../../core/training/schedule';
import { asCallError } from '../../state/call-failure';
import { Select } from '../../ui/select';
import type { Alternative } from './training-plots';

const KINDS = [
  'planned',
  'proposed',
  'constant',
  'cosine',
  'step',
  'exponential',
  'cyclical',
  'one-cycle',
  'formula',
] as const;
type Kind = (typeof KINDS)[number];
const WORDS: Readonly<Record<Kind, string>> = {
  planned: 'as configured',
  proposed: 'as proposed',
  constant: 'constant',
  cosine: 'cosine after a warm-up',
  step: 'in steps',
  exponential: 'exponential',
  cyclical: 'cyclical',
  'one-cycle': 'one cycle',
  formula: 'a formula',
};

export interface ScheduleChoiceProps {
  readonly training: TrainingView;
  readonly onChange: (alternative: Alternative | null) => void;
}

export function ScheduleChoice({ training, onChange }: ScheduleChoiceProps): ReactNode {
  const [kind, setKind] = useState<Kind | null>(null);
  const [formula, setFormula] = useState('0.01 * 0.95 ^ floor(step / 1000)');
  const schedule = kind === null || kind === 'formula' ? null : scheduleOf(kind, training);
  const problem = kind === 'formula' ? problemOf(formula) : null;
  const options = KINDS.filter((one) => one === 'formula' || scheduleOf(one, training) !== null);
  const choose = (next: Kind) => {
    setKind(next);
    onChange(alternativeOf(next, training, formula));
  };
  const write = (text: string) => {
    setFormula(text);
    onChange(alternativeOf('formula', training, text));
  };
  const lines = schedule ? linesOf(schedule) : [];
  return (
    <section className="schedule-choice">
      <div className="row">
        <span className="quiet">Lay over it</span>
        <Select
          label="Schedule to lay over the one that was used"
          value={kind}
          options={options.map((value) => ({ value, label: WORDS[value] }))}
          onChange={choose}
        />
        {kind === 'formula' && (
          <label className="field grow">
            <span className="visually-hidden">Learning rate as a formula of step</span>
            <input
              value={formula}
              maxLength={500}
              spellCheck={false}
              aria-invalid={problem !== null}
              onChange={(event) => write(event.target.value)}
            />
          </label>
        )}
      </div>
      {problem !== null && <p className="bad">{problem}</p>}
      {schedule && (
        <pre className="config-lines">
          {lines.length > 0 ? lines.join('\n') : 'The configuration’s language has no such schedule.'}
        </pre>
      )}
    </section>
  );
}

function scheduleOf(kind: Exclude<Kind, 'formula'>, training: TrainingView): Schedule | null {
  const { planned, proposed, learningRate, steps } = training;
  if (kind === 'planned') return planned;
  if (kind === 'proposed') return proposed;
  const used = learningRate?.value.filter((value) => value !== null) ?? [];
  const rate = planned ? highestRate(planned) : used.length > 0 ? Math.max(...used) : null;
  if (rate === null || steps === null) return null;
  const total = Math.round(steps);
  switch (kind) {
    case 'constant':
      return { kind, rate };
    case 'cosine':
      return proposedSchedule(rate, total);
    case 'step':
      return {
        kind,
        initial: rate,
        changes: [
          { step: Math.round(total * 0.6), rate: rate / 10 },
          { step: Math.round(total * 0.85), rate: rate / 100 },
        ],
        warmsUp: false,
      };
    case 'exponential':
      return {
        kind,
        initial: rate,
        decaySteps: Math.max(1, Math.round(total / 20)),
        factor: 0.8,
        isStaircase: false,
        burnInRate: 0,
        burnInSteps: 0,
        lowest: 0,
      };
    case 'cyclical':
      return { kind, low: rate / 10, high: rate, period: Math.max(2, Math.round(total / 4)), decay: 1 };
    case 'one-cycle':
      return { kind, high: rate, totalSteps: total, riseShare: 0.3, startFactor: 0.04, endFactor: 1e-4 };
  }
}

function alternativeOf(kind: Kind, training: TrainingView, formula: string): Alternative | null {
  if (kind === 'formula')
    return problemOf(formula) === null ? { name: 'formula', rate: parseRateFormula(formula) } : null;
  const schedule = scheduleOf(kind, training);
  return schedule && { name: WORDS[kind], rate: (step) => rateAt(schedule, step) };
}

function problemOf(formula: string): string | null {
  try {
    parseRateFormula(formula);
    return null;
  } catch (error) {
    return asCallError(error).message;
  }
}
