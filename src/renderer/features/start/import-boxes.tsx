/** How boxes are read, what told, and some images with their boxes so: a wrong convention is seen at once. */
import { Images, Lightbulb } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { ImportPlan, PreviewImage } from '../../../contract/import-view';
import type {
  BoxConvention,
  ConventionChoice,
  ConventionPart,
} from '../../../core/formats/conventions/box-convention';
import { CONVENTION_VALUES } from '../../../core/formats/conventions/box-convention';
import type { ConventionReading } from '../../../core/formats/conventions/convention';
import { useAction } from '../../app/use-action';
import { counted } from '../../ui/counted';
import type { Choice } from './use-import';

const PART_NAMES: Readonly<Record<ConventionPart, string>> = {
  layout: 'Four numbers',
  units: 'Unit',
  origin: 'First pixel',
  far: 'Far corner',
  pixels: 'Picture',
};
type Words = { readonly [P in ConventionPart]: Readonly<Record<`${BoxConvention[P]}`, string>> };
const VALUE_NAMES: Words = {
  layout: {
    xywh: 'x, y, width, height',
    xyxy: 'x, y, x, y: two corners',
    cxcywh: 'centre, width, height',
    yxyx: 'y, x, y, x: two corners',
  },
  units: { pixels: 'pixels', shares: 'shares of the image' },
  origin: { 0: 'is 0', 1: 'is 1' },
  far: { edge: 'edge of the box', inclusive: 'last pixel of the box' },
  pixels: {
    'by-size': 'by the declared size',
    stored: 'as stored',
    upright: 'turned upright (EXIF)',
  },
};
const HOW_WORDS = { found: 'Found', assumed: 'Assumed', given: 'Chosen' } as const;
const SHOWN_AT_ONCE = 3;

interface BoxesProps {
  readonly plan: ImportPlan;
  readonly choice: Choice;
  readonly onChange: (conventions: Choice['conventions']) => void;
}

export function Boxes({ plan, choice, onChange }: BoxesProps): ReactNode {
  const { truth, predictions } = plan.conventions;
  const { conventions } = choice;
  const suggested = truth?.suggested ?? null;
  const takeSuggested = () =>
    suggested && onChange({ ...conventions, truth: { ...conventions.truth, ...suggested.choice } });
  useAction('import.suggested', takeSuggested, suggested !== null);
  if (!truth && !predictions) return null;
  return (
    <section className="import-boxes">
      <h2>Boxes as they would be read</h2>
      {suggested && (
        <div className="banner caution" role="status">
          <Lightbulb size={18} aria-hidden="true" />
          <p className="grow">
            {suggested.why} Numbers alone cannot prove it, so they are not read so unless you say it.
          </p>
          <button type="button" className="button" onClick={takeSuggested}>
            Read them so
          </button>
        </div>
      )}
      <Preview images={plan.preview} />
      <div className="convention-groups">
        {truth && (
          <Convention
            of="Ground truth"
            reading={truth}
            choice={conventions.truth}
            onChange={(changed) => onChange({ ...conventions, truth: changed })}
          />
        )}
        {predictions && (
          <Convention
            of="Predictions"
            reading={predictions}
            choice={conventions.predictions}
            onChange={(changed) => onChange({ ...conventions, predictions: changed })}
          />
        )}
      </div>
    </section>
  );
}

interface ConventionProps {
  readonly of: string;
  readonly reading: ConventionReading;
  readonly choice: ConventionChoice;
  readonly onChange: (choice: ConventionChoice) => void;
}

/** The parts that the format leaves open, each with what told. */
function Convention({ of, reading, choice, onChange }: ConventionProps): ReactNode {
  const { suggested } = reading;
  return (
    <fieldset className="settings convention">
      <legend>{of}</legend>
      {reading.evidence.map(({ part, value, how, why }) => (
        <div key={part} className="convention-part">
          <label className="field">
            <span className="quiet">{PART_NAMES[part]}</span>
            <select
              aria-label={`${of}: ${PART_NAMES[part]}`}
              value={String(value)}
              onChange={({ target }) => {
                const chosen = CONVENTION_VALUES[part].find((one) => String(one) === target.value);
                onChange({ ...choice, [part]: chosen });
              }}
            >
              {CONVENTION_VALUES[part].map((one) => (
                <option key={one} value={String(one)}>
                  {(VALUE_NAMES[part] as Readonly<Record<string, string>>)[String(one)]}
                </option>
              ))}
            </select>
          </label>
          <span className="quiet detail">
            {HOW_WORDS[how]}. {how === 'given' ? '' : why}
            {how === 'given' && (
              <button
                type="button"
                className="link"
                onClick={() => onChange({ ...choice, [part]: undefined })}
              >
                As the files tell
              </button>
            )}
          </span>
        </div>
      ))}
      {of === 'Predictions' && suggested && <p className="quiet detail">{suggested.why}</p>}
    </fieldset>
  );
}

function Preview({ images }: { readonly images: readonly PreviewImage[] }): ReactNode {
  const [from, setFrom] = useState(0);
  const next = () => setFrom(from + SHOWN_AT_ONCE >= images.length ? 0 : from + SHOWN_AT_ONCE);
  useAction('import.otherImages', next, images.length > SHOWN_AT_ONCE);
  if (images.length === 0)
    return <p className="quiet">No image has a box, so there is nothing to look at.</p>;
  const start = from < images.length ? from : 0;
  return (
    <>
      <ul className="preview">
        {images.slice(start, start + SHOWN_AT_ONCE).map((image) => (
          <PreviewPicture key={image.name} image={image} />
        ))}
      </ul>
      {images.length > SHOWN_AT_ONCE && (
        <button type="button" className="link" onClick={next}>
          <Images size={14} aria-hidden="true" /> Other images ({start + 1} to{' '}
          {Math.min(start + SHOWN_AT_ONCE, images.length)} of {images.length})
        </button>
      )}
    </>
  );
}

/** Ground truth is solid, predictions are dashed, both with a dark casing. */
function PreviewPicture({ image }: { readonly image: PreviewImage }): ReactNode {
  const { name, width, height, picture, boxes, predictions } = image;
  const what = `${counted(boxes.length, 'box')}${predictions.length > 0 ? `, ${counted(predictions.length, 'prediction')}` : ''}`;
  return (
    <li>
      <svg viewBox={`0 0 ${width || 1} ${height || 1}`} role="img" aria-label={`${name}: ${what}`}>
        {picture && <image href={picture} width={width} height={height} />}
        {boxes.map((box, at) => (
          <PreviewRectangle key={at} {...box} kind="truth" />
        ))}
        {predictions.map((box, at) => (
          <PreviewRectangle key={at} {...box} kind="prediction" />
        ))}
      </svg>
      <span className="clip">{name}</span>
      <span className="quiet">
        {what}
        {picture === null && '; its picture was not found'}
      </span>
    </li>
  );
}

function PreviewRectangle({
  box: [x, y, width, height],
  name,
  kind,
}: PreviewImage['boxes'][number] & { readonly kind: 'truth' | 'prediction' }): ReactNode {
  const place = { x, y, width: Math.max(0, width), height: Math.max(0, height) };
  return (
    <g className={`preview-box ${kind}`}>
      <title>{name}</title>
      <rect {...place} className="casing" />
      <rect {...place} className="line" />
    </g>
  );
}
