/** One image run again with a change of the model's input, beside what the model gives as it is. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { TriedChange, TriedSide } from '../../../contract/model-calls';
import type { ModelChange } from '../../../core/inference/change/model-change';
import { readInputSize } from '../../../core/inference/overrides';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { difference, score } from '../../ui/number-text';
import { Segmented } from '../../ui/segmented';
import type { PictureBox } from './model-picture';
import { ModelPicture } from './model-picture';
import { chooseModel, useModel } from './model-state';
import './models.css';

const TITLE = 'Running the image again';
const LIMITS = { scoreThreshold: 0.001, maxDetections: 100 } as const;

export function TryChangeDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const choice = useModel((state) => state.choice);
  const name = useModel((state) => state.view?.name);
  const isRunning = useSession((session) => session.jobs.some(({ title }) => title === TITLE));
  const [form, setForm] = useState<Form>(UNCHANGED);
  const [tried, setTried] = useState<TriedChange | null>(null);
  const change = changeOf(form);
  const run = async () => {
    const { image, protocol, point, runJob } = useSession.getState();
    if (!choice || image === null || change === null) return;
    const request = { ...choice, ...LIMITS, backend: 'auto', batch: null, image, protocol, point } as const;
    const done = await runJob(TITLE, (job) => engine('models.tryChange', { job, ...request, change }));
    if (done) setTried(done);
  };
  return (
    <Dialog
      title={name ? `${name}, run again with a change` : 'Run the model again with a change'}
      isWide
      onClose={onClose}
      footer={
        <>
          <span className="quiet grow">Nothing is kept: labels and runs stay as they are.</span>
          <button
            type="button"
            className="button"
            onClick={() => void chooseModel('model').catch(useSession.getState().showFailure)}
          >
            {choice === null ? 'Choose a model' : 'Choose another model'}
          </button>
          <button
            type="button"
            className="button primary"
            disabled={choice === null || change === null || isRunning}
            onClick={() => void run()}
          >
            {isRunning ? 'Running…' : 'Run again'}
          </button>
        </>
      }
    >
      {choice === null ? (
        <p>No model is open. Drop one on the window, or choose one, and come back to this image.</p>
      ) : (
        <div className="try-change">
          <ChangeForm form={form} onChange={(changes) => setForm({ ...form, ...changes })} />
          {tried ? <Difference tried={tried} /> : <p className="quiet">Choose what to change, then run.</p>}
        </div>
      )}
    </Dialog>
  );
}

interface Form {
  readonly threshold: string;
  readonly inputSize: string;
  readonly channels: '' | 'rgb' | 'bgr';
  readonly flip: '' | 'horizontal' | 'vertical';
  /** Percent of the image's sides. */
  readonly right: number;
  readonly down: number;
  readonly pad: number;
}

const UNCHANGED: Form = {
  threshold: '',
  inputSize: '',
  channels: '',
  flip: '',
  right: 0,
  down: 0,
  pad: 0,
};

function sizeOrNull(text: string) {
  try {
    return readInputSize(text);
  } catch {
    return null;
  }
}

/** Null where a field cannot be read. */
function changeOf({ threshold, inputSize, channels, flip, right, down, pad }: Form): ModelChange | null {
  const size = inputSize.trim() === '' ? undefined : sizeOrNull(inputSize);
  const scoreThreshold = threshold.trim() === '' ? undefined : Number(threshold);
  if (size === null || (scoreThreshold !== undefined && !(scoreThreshold >= 0 && scoreThreshold <= 1)))
    return null;
  return {
    ...(scoreThreshold === undefined ? {} : { scoreThreshold }),
    ...(size === undefined ? {} : { inputSize: size }),
    ...(channels === '' ? {} : { channels }),
    ...(flip === '' ? {} : { flip }),
    ...(right === 0 && down === 0 ? {} : { shift: { x: right / 100, y: down / 100 } }),
    ...(pad === 0 ? {} : { pad: pad / 100 }),
  };
}

interface ChangeFormProps {
  readonly form: Form;
  readonly onChange: (changes: Partial<Form>) => void;
}

function ChangeForm({ form, onChange }: ChangeFormProps): ReactNode {
  const { threshold, inputSize } = form;
  return (
    <fieldset className="model-fields">
      <legend className="visually-hidden">What to change</legend>
      <Text
        label="Score at least"
        value={threshold}
        hint={String(LIMITS.scoreThreshold)}
        onChange={(text) => onChange({ threshold: text })}
      />
      <Text
        label="Input size"
        value={inputSize}
        hint="height x width"
        onChange={(text) => onChange({ inputSize: text })}
      />
      <label className="model-field">
        <span>Channels</span>
        <select
          value={form.channels}
          onChange={({ target }) => onChange({ channels: target.value as Form['channels'] })}
        >
          <option value="">as understood</option>
          <option value="rgb">RGB</option>
          <option value="bgr">BGR</option>
        </select>
      </label>
      <label className="model-field">
        <span>Flip</span>
        <select value={form.flip} onChange={({ target }) => onChange({ flip: target.value as Form['flip'] })}>
          <option value="">no</option>
          <option value="horizontal">left to right</option>
          <option value="vertical">upside down</option>
        </select>
      </label>
      <Percent
        label="Shift to the right"
        least={-75}
        value={form.right}
        onChange={(right) => onChange({ right })}
      />
      <Percent label="Shift down" least={-75} value={form.down} onChange={(down) => onChange({ down })} />
      <Percent label="Border around it" least={0} value={form.pad} onChange={(pad) => onChange({ pad })} />
    </fieldset>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly onChange: (text: string) => void;
}

function Text({ label, value, hint, onChange }: TextProps): ReactNode {
  return (
    <label className="model-field">
      <span>{label}</span>
      <input value={value} placeholder={hint} onChange={({ target }) => onChange(target.value)} />
    </label>
  );
}

interface PercentProps {
  readonly label: string;
  readonly least: number;
  readonly value: number;
  readonly onChange: (percent: number) => void;
}

function Percent({ label, least, value, onChange }: PercentProps): ReactNode {
  return (
    <label className="model-field">
      <span>
        {label}: {value} %
      </span>
      <input
        type="range"
        min={least}
        max={75}
        step={5}
        value={value}
        onChange={({ target }) => onChange(target.valueAsNumber)}
      />
    </label>
  );
}

/** Which boxes are drawn: those found anew, those lost, or one side whole. */
type Shown = 'difference' | 'before' | 'after';

function boxesOf({ before, after, pairs }: TriedChange, shown: Shown, least: number): PictureBox[] {
  const strong = ({ boxes }: TriedSide) => [...boxes.keys()].filter((at) => boxes[at]!.score >= least);
  const drawn = (
    side: TriedSide,
    at: number,
    outcome: PictureBox['outcome'],
    isQuiet: boolean,
  ): PictureBox => ({
    ...{ box: side.boxes[at]!.box, isTruth: false, outcome, isQuiet },
  });
  const bySide = (side: TriedSide) =>
    strong(side).map((at) =>
      drawn(side, at, side.boxes[at]!.isTrue ? 'true-positive' : 'false-positive', false),
    );
  if (shown === 'before') return bySide(before);
  if (shown === 'after') return bySide(after);
  const { lost, won, same } = differenceOf({ before, after, pairs }, least);
  return [
    ...same.map((at) => drawn(after, at, 'ignored', true)),
    ...lost.map((at) => drawn(before, at, 'miss', false)),
    ...won.map((at) => drawn(after, at, 'true-positive', false)),
  ];
}

/** Confident boxes of one side without a confident partner on the other. */
function differenceOf(
  { before, after, pairs }: Pick<TriedChange, 'before' | 'after' | 'pairs'>,
  least: number,
) {
  const isStrong = (side: TriedSide, at: number) => side.boxes[at]!.score >= least;
  const partners = pairs.filter(([a, b]) => isStrong(before, a) && isStrong(after, b));
  const [kept, keptAfter] = [new Set(partners.map(([a]) => a)), new Set(partners.map(([, b]) => b))];
  const rest = (side: TriedSide, taken: ReadonlySet<number>) =>
    [...side.boxes.keys()].filter((at) => isStrong(side, at) && !taken.has(at));
  return { lost: rest(before, kept), won: rest(after, keptAfter), same: [...keptAfter] };
}

function Difference({ tried }: { readonly tried: TriedChange }): ReactNode {
  const [shown, setShown] = useState<Shown>('difference');
  const least = useSession((session) => session.point.score);
  const { image, width, height, before, after, words } = tried;
  const { lost, won, same } = differenceOf(tried, least);
  return (
    <section aria-label="Difference">
      <Segmented<Shown>
        label="Boxes shown"
        value={shown}
        onChange={setShown}
        options={[
          { value: 'difference', label: 'Difference' },
          { value: 'before', label: 'As it is' },
          { value: 'after', label: 'With the change' },
        ]}
      />
      <p role="status">
        {words}: from a score of {least.toFixed(2)} on, {won.length} boxes are new, {lost.length} are gone,{' '}
        {same.length} stay.
      </p>
      <ModelPicture
        image={image}
        width={width}
        height={height}
        boxes={boxesOf(tried, shown, least)}
        label={`The image with ${won.length} new boxes and ${lost.length} lost ones`}
      />
      {shown === 'difference' && (
        <p className="quiet detail">
          Green: new with the change. Blue: gone. Grey and dotted: the same in both.
        </p>
      )}
      <CountTable before={before} after={after} />
    </section>
  );
}

function CountTable({ before, after }: Pick<TriedChange, 'before' | 'after'>): ReactNode {
  const rows = [
    ['True positives', before.truePositives, after.truePositives],
    ['False positives', before.falsePositives, after.falsePositives],
    ['Misses', before.misses, after.misses],
  ] as const;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">This image</th>
          <th scope="col" className="number">
            As it is
          </th>
          <th scope="col" className="number">
            With the change
          </th>
          <th scope="col" className="number">
            Difference
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, a, b]) => (
          <tr key={name}>
            <td>{name}</td>
            <td className="number">{a}</td>
            <td className="number">{b}</td>
            <td className="number">{difference(b - a, 0)}</td>
          </tr>
        ))}
        <tr>
          <td>Score</td>
          <td className="number">{score(before.score)}</td>
          <td className="number">{score(after.score)}</td>
          <td className="number">
            {difference(before.score === null || after.score === null ? null : after.score - before.score, 3)}
          </td>
        </tr>
      </tbody>
    </table>
  );
}
