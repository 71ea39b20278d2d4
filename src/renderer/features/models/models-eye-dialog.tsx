/** The model's-eye view: the pixels of an image as the network gets them, and its objects' sizes there. */
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { ModelsEye, SeenObject } from '../../../contract/model-view';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { chooseModel, useModel } from './model-state';
import './models.css';

/** Objects whose shorter side is below it fall into one cell of the finest grid that most detectors have. */
const ONE_CELL = 8;

const shorterSide = ({ box }: SeenObject): number => Math.min(box[2], box[3]);
const pixels = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

export function ModelsEyeDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const choice = useModel((state) => state.choice);
  const name = useModel((state) => state.view?.name);
  const eye = useModelsEye();
  return (
    <Dialog
      title={name ? `What ${name} sees` : 'What the model sees'}
      isWide
      onClose={onClose}
      footer={
        <>
          <span className="grow" />
          <button
            type="button"
            className="button"
            onClick={() => void chooseModel('model').catch(useSession.getState().showFailure)}
          >
            Choose another model
          </button>
        </>
      }
    >
      {choice === null && (
        <p>No model is open. Drop one on the window, or choose one, and come back to this image.</p>
      )}
      {eye && <Eye eye={eye} />}
    </Dialog>
  );
}

/** The open image as the open model gets it; null until it is there. */
function useModelsEye(): ModelsEye | null {
  const image = useSession((session) => session.image);
  const choice = useModel((state) => state.choice);
  const [eye, setEye] = useState<ModelsEye | null>(null);
  useEffect(() => {
    if (choice === null || image === null) return;
    let isCurrent = true;
    engine('model.eye', { ...choice, image }).then(
      (answer) => isCurrent && setEye(answer),
      (error: unknown) => isCurrent && useSession.getState().showFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [choice, image]);
  return eye;
}

function describeInput({ input, image, width, height }: ModelsEye): string {
  if (input.resize === 'none')
    return `${image.width} × ${image.height} pixels go in as they are; the graph resizes them itself.`;
  const how = input.resize === 'letterbox' ? 'scaled and padded' : 'stretched';
  return `${image.width} × ${image.height} pixels, ${how} to ${width} × ${height}.`;
}

/** How much one axis is squeezed against the other; null where not worth a word. */
function squeeze({ image, content }: ModelsEye): string | null {
  const ratio = content[2] / image.width / (content[3] / image.height);
  const change = Math.abs(Math.log(ratio));
  if (change < Math.log(1.05)) return null;
  const percent = Math.round((Math.exp(change) - 1) * 100);
  return `Objects become ${percent} % ${ratio > 1 ? 'wider' : 'taller'} than they are.`;
}

function Eye({ eye }: { readonly eye: ModelsEye }): ReactNode {
  const small = eye.objects.filter((object) => shorterSide(object) < ONE_CELL).length;
  const squeezed = squeeze(eye);
  return (
    <div className="models-eye">
      <figure>
        <Seen eye={eye} />
        <figcaption className="quiet">
          {describeInput(eye)} {squeezed}{' '}
          {eye.input.channels === 'bgr' && 'The network gets blue first (BGR); shown in natural colours.'}
        </figcaption>
      </figure>
      <section aria-label="Objects as the model gets them">
        <p>
          {small === 0
            ? `No object is narrower than ${ONE_CELL} pixels there.`
            : `${small} of ${eye.objects.length} objects are narrower than ${ONE_CELL} pixels there: about one cell of the finest grid of most detectors, hardly to be found.`}
        </p>
        <ObjectTable objects={eye.objects} />
      </section>
    </div>
  );
}

function Seen({ eye }: { readonly eye: ModelsEye }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(new ImageData(eye.pixels, eye.width, eye.height), 0, 0);
  }, [eye]);
  return (
    <div className="seen" style={{ aspectRatio: `${eye.width} / ${eye.height}` }}>
      <canvas
        ref={canvas}
        width={eye.width}
        height={eye.height}
        role="img"
        aria-label="The network's input"
      />
      <svg viewBox={`0 0 ${eye.width} ${eye.height}`} aria-hidden="true">
        {eye.objects.map(({ box: [x, y, width, height] }, index) => (
          <rect
            key={index}
            x={x}
            y={y}
            width={width}
            height={height}
            data-small={Math.min(width, height) < ONE_CELL}
          />
        ))}
      </svg>
    </div>
  );
}

function ObjectTable({ objects }: { readonly objects: readonly SeenObject[] }): ReactNode {
  const categories = useSession((session) => session.project?.categories);
  const nameOf = (id: number) => categories?.find((category) => category.id === id)?.name ?? String(id);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col" className="number">
            In the image
          </th>
          <th scope="col" className="number">
            For the model
          </th>
        </tr>
      </thead>
      <tbody>
        {objects.map((object, index) => (
          <tr key={index} data-small={shorterSide(object) < ONE_CELL}>
            <td>{nameOf(object.category)}</td>
            <td className="number">
              {pixels(object.imageWidth)} × {pixels(object.imageHeight)}
            </td>
            <td className="number">
              {pixels(object.box[2])} × {pixels(object.box[3])}
              {shorterSide(object) < ONE_CELL && ' (small)'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
