/** The user's word in place of what was understood. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { ModelView } from '../../../contract/model-view';
import type { DecoderName, PlanOverrides, Resize } from '../../../core/inference/model';
import { DECODER_NAMES } from '../../../core/inference/model';
import { readInputSize, readNormalise } from '../../../core/inference/overrides';
import { useSession } from '../../state/session';
import { overrideModel, useModel } from './model-state';
import { DECODER_WORDS } from './model-words';

const AS_UNDERSTOOD = 'as understood';

const change = (overrides: Parameters<typeof overrideModel>[0]): void =>
  void overrideModel(overrides).catch(useSession.getState().showFailure);

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T | undefined) => void;
}

/** A choice whose first entry leaves it to the model. */
function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>): ReactNode {
  return (
    <label className="model-field">
      <span>{label}</span>
      <select
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value === '' ? undefined : (target.value as T))}
      >
        <option value="">{AS_UNDERSTOOD}</option>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly hint: string;
  /** What is in force, as it is typed. */
  readonly value: string;
  readonly read: (text: string) => void;
}

/** Text that is read when the field is left or Enter is pressed; empty leaves it to the model. */
function TextField({ label, hint, value, read }: TextFieldProps): ReactNode {
  const [text, setText] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  const commit = () => {
    try {
      read(text.trim());
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <label className="model-field">
      <span>{label}</span>
      <input
        value={text}
        placeholder={hint}
        aria-invalid={problem !== null}
        onChange={({ target }) => setText(target.value)}
        onBlur={commit}
        onKeyDown={({ key }) => key === 'Enter' && commit()}
      />
      {problem !== null && <span className="field-problem">{problem}</span>}
    </label>
  );
}

const NO_BACKGROUND = 'none';

function backgroundChoices(view: ModelView): readonly (readonly [string, string])[] {
  const decoder = view.plan?.decoder;
  const hasBackground = decoder !== undefined && decoder.background !== null;
  const columns = (decoder?.classCount ?? 0) + (hasBackground ? 1 : 0);
  const last = columns > 1 ? [[String(columns - 1), `column ${columns - 1} (the last)`] as const] : [];
  return [[NO_BACKGROUND, 'none'], ['0', 'column 0'], ...last];
}

const normaliseText = (normalise: PlanOverrides['normalise']): string =>
  typeof normalise === 'object'
    ? `${normalise.mean.join(',')}/${normalise.deviation.join(',')}`
    : (normalise ?? '');

/** A field's word: `undefined` where the text is empty. */
const readOr = <T,>(text: string, read: (text: string) => T): T | undefined =>
  text === '' ? undefined : read(text);

export function OverridesForm({ view }: { readonly view: ModelView }): ReactNode {
  const overrides: PlanOverrides = useModel((state) => state.choice?.overrides) ?? {};
  const { background, classBase, inputSize, normalise } = overrides;
  // Opened by a problem or by hand, it stays open when the problem is gone.
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      className="model-overrides"
      open={isOpen || view.problem !== null}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary>Read it in another way</summary>
      <div className="model-fields">
        <Choice<DecoderName>
          label="Decoder"
          value={overrides.decoder}
          options={DECODER_NAMES.map((name) => [name, DECODER_WORDS[name]] as const)}
          onChange={(decoder) => change({ decoder })}
        />
        <Choice
          label="First class is number"
          value={classBase === undefined ? undefined : String(classBase)}
          options={[
            ['0', '0'],
            ['1', '1'],
          ]}
          onChange={(text) => change({ classBase: text === undefined ? undefined : text === '1' ? 1 : 0 })}
        />
        <Choice
          label="Background"
          value={
            background === undefined ? undefined : background === null ? NO_BACKGROUND : String(background)
          }
          options={backgroundChoices(view)}
          onChange={(text) =>
            change({
              background: text === undefined ? undefined : text === NO_BACKGROUND ? null : Number(text),
            })
          }
        />
        <Choice<Resize>
          label="Resize"
          value={overrides.resize}
          options={[
            ['stretch', 'stretch'],
            ['letterbox', 'letterbox'],
            ['none', 'none: the graph does it'],
          ]}
          onChange={(resize) => change({ resize })}
        />
        <Choice
          label="Channels"
          value={overrides.channels}
          options={[
            ['rgb', 'RGB'],
            ['bgr', 'BGR'],
          ]}
          onChange={(channels) => change({ channels })}
        />
        <TextField
          label="Input size"
          hint="height x width"
          value={inputSize ? `${inputSize.height}x${inputSize.width}` : ''}
          read={(text) => change({ inputSize: readOr(text, readInputSize) })}
        />
        <TextField
          label="Normalise"
          hint="mean/deviation, e.g. 127.5/127.5"
          value={normaliseText(normalise)}
          read={(text) => change({ normalise: readOr(text, readNormalise) })}
        />
      </div>
    </details>
  );
}
