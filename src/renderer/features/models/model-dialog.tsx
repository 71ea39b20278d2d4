/** A model: what it is, how it is read and why, and the user's word instead. */
import { Boxes, CircleHelp, Check, History, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { ModelView } from '../../../contract/model-view';
import type { Evidence } from '../../../core/inference/model';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { byteSize } from '../../ui/number-text';
import { withoutFlags } from '../../ui/without-flags';
import { CudaSection } from './cuda-section';
import { MappingPreview } from './mapping-preview';
import { MeasureSection } from './measure-section';
import { chooseLabelMap, chooseModel, forgetDecisions, openModel, useModel } from './model-state';
import { DECODER_WORDS, FORM_WORDS, inputWords, shapeWords } from './model-words';
import './models.css';
import { OutputMapping } from './output-mapping';
import { OverridesForm } from './overrides-form';
import { RunSection } from './run-section';
import { TensorflowSection } from './tensorflow-section';

const tell = (work: Promise<void>): void => void work.catch(useSession.getState().showFailure);

export function ModelDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const view = useModel((state) => state.view);
  const isReading = useModel((state) => state.isReading);
  return (
    <Dialog
      title={view ? view.name : 'Run a model'}
      isWide
      onClose={onClose}
      footer={
        <>
          <span className="quiet grow">
            {isReading ? 'Reading…' : 'Everything happens on this computer.'}
          </span>
          <button type="button" className="button" onClick={() => tell(chooseModel('modelFolder'))}>
            Choose a SavedModel folder
          </button>
          <button type="button" className="button" onClick={() => tell(chooseModel('model'))}>
            Choose a file
          </button>
        </>
      }
    >
      {view ? <Understood key={view.path} view={view} /> : <Invitation />}
    </Dialog>
  );
}

/** Path of the model that ships with the sample, while the sample is open. */
function useSampleModel(): string | null {
  const project = useSession((session) => session.project?.path);
  const [path, setPath] = useState<string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    engine('model.ofSample', {}).then(
      (found) => isCurrent && setPath(found),
      useSession.getState().showFailure,
    );
    return () => {
      isCurrent = false;
    };
  }, [project]);
  return path;
}

function Invitation(): ReactNode {
  const sample = useSampleModel();
  return (
    <div className="model">
      {sample !== null && (
        <div className="banner info">
          <Boxes size={18} aria-hidden="true" />
          <div>
            <b>The sample has a small trained detector of its own</b>
            <p>It was trained on other images of the same kind and runs on any computer in seconds.</p>
            <button type="button" className="button" onClick={() => tell(openModel(sample))}>
              Open the sample’s detector
            </button>
          </div>
        </div>
      )}
      <HowToOpen />
    </div>
  );
}

function HowToOpen(): ReactNode {
  return (
    <p>
      Drop a model on the window, or choose one: an ONNX file, a SavedModel folder or a TensorFlow.js{' '}
      <code>model.json</code>. How images go in and boxes come out is read from the model itself and shown
      with its evidence before anything runs.
    </p>
  );
}

function Understood({ view }: { readonly view: ModelView }): ReactNode {
  return (
    <div className="model">
      <p className="quiet clip" title={view.path}>
        {FORM_WORDS[view.form]}
        {view.producer && `, written by ${view.producer}`}, {byteSize(view.bytes)}
      </p>
      {view.isRemembered && (
        <div className="banner info" role="status">
          <History size={18} aria-hidden="true" />
          <div>
            <b>Read as you decided before</b>
            <p>What you said about this model is remembered by its content.</p>
            <button type="button" className="button" onClick={() => tell(forgetDecisions())}>
              Read it as it says itself
            </button>
          </div>
        </div>
      )}
      {view.problem && (
        <div className="banner caution" role="alert">
          <TriangleAlert size={18} aria-hidden="true" />
          <div>
            <b>{withoutFlags(view.problem.message)}</b>
            <p>{withoutFlags(view.problem.next)}</p>
          </div>
        </div>
      )}
      {view.plan && (
        <section aria-label="What was understood">
          <h3>{DECODER_WORDS[view.plan.decoder.name]}</h3>
          <p>The image goes in {inputWords(view.plan)}.</p>
          <EvidenceList evidence={view.plan.evidence} />
        </section>
      )}
      {view.form !== 'onnx' && <TensorflowSection form={view.form} />}
      <RunSection view={view} />
      {view.form === 'onnx' && <CudaSection />}
      <MeasureSection view={view} />
      <Classes view={view} />
      <OverridesForm view={view} />
      <OutputMapping view={view} />
      <MappingPreview view={view} />
      <Tensors view={view} />
    </div>
  );
}

function EvidenceList({ evidence }: { readonly evidence: readonly Evidence[] }): ReactNode {
  return (
    <ul className="evidence">
      {evidence.map(({ sentence, isAssumed }) => (
        <li key={sentence} data-assumed={isAssumed}>
          {isAssumed ? <CircleHelp size={14} aria-hidden="true" /> : <Check size={14} aria-hidden="true" />}
          <span>
            {isAssumed && <b>Assumed: </b>}
            {withoutFlags(sentence)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Classes({ view }: { readonly view: ModelView }): ReactNode {
  const categories = useSession((session) => session.project?.categories);
  const nameOf = (id: number | null) =>
    id === null ? null : (categories?.find((category) => category.id === id)?.name ?? null);
  return (
    <section aria-label="Classes">
      <h3 className="with-button">
        Classes
        <button type="button" className="link" onClick={() => tell(chooseLabelMap())}>
          Choose a label map
        </button>
      </h3>
      {view.classes.length > 0 && view.classes.every(({ category }) => category === null) && (
        <div className="banner caution" role="status">
          <TriangleAlert size={18} aria-hidden="true" />
          <div>
            <b>None of the model’s classes is in the project: a run would be empty</b>
            <p>Choose the label map that it was trained with, or give the project’s classes its names.</p>
          </div>
        </div>
      )}
      {view.classes.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col" className="number">
                Number
              </th>
              <th scope="col">Model</th>
              <th scope="col">Project</th>
            </tr>
          </thead>
          <tbody>
            {view.classes.map(({ number, name, category }) => (
              <tr key={number}>
                <td className="number">{number}</td>
                <td>{name ?? <span className="quiet">no name</span>}</td>
                <td>{nameOf(category) ?? <span className="quiet">not in the project: left out</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Tensors({ view }: { readonly view: ModelView }): ReactNode {
  return (
    <section aria-label="Inputs and outputs">
      <h3>Inputs and outputs</h3>
      <table>
        <tbody>
          {[
            ...view.inputs.map((spec) => ['Input', spec] as const),
            ...view.outputs.map((spec) => ['Output', spec] as const),
          ].map(([kind, spec]) => (
            <tr key={`${kind} ${spec.name}`}>
              <td className="quiet">{kind}</td>
              <td className="code">{spec.name}</td>
              <td>{spec.dtype}</td>
              <td className="number">{shapeWords(spec)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
