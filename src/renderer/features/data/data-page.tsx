/** What the data looks like: evaluation set and training set beside each other, and what their differences cost. */
import { RefreshCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import type { DataView } from '../../../contract/data-view';
import type { MeasureKey } from '../../../core/diagnosis/data/properties';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import { app } from '../../state/app-client';
import { useSession } from '../../state/session';
import { JobProgress } from '../../ui/job-progress';
import { count } from '../../ui/number-text';
import { Select } from '../../ui/select';
import { useCauses } from '../causes/causes-state';
import { Section } from '../metrics/section';
import { ClassesPart } from './classes-part';
import { dataTable } from './data-table';
import { chooseInput, dataQuestion, LOOKING, readData, useData } from './data-state';
import { inputOptions, inputValue } from './data-words';
import { Differences } from './differences';
import { Histogram } from './histogram';
import { PositionMaps } from './position-maps';
import { SourcesPart } from './sources-part';
import { TrainingPicker } from './training-picker';
import { EmptyProject } from '../start/no-run';
import { TwinsPart } from './twins-part';
import './data.css';

const OF_BOXES: readonly MeasureKey[] = ['input-size', 'aspect-ratio'];

export function DataPage(): ReactNode {
  const path = useSession((session) => session.project?.path ?? null);
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const { view, key, isReading } = useData();
  const question = dataQuestion(path, run, protocol);
  useEffect(() => {
    if (question !== null && question !== key && !isReading) {
      useData.setState({ view: null });
      void readData(false);
    }
  }, [question, key, isReading]);
  useAction('data.again', () => readData(true), !isReading);
  const isBare = useSession((session) => session.project?.images === 0);
  if (isBare) return <EmptyProject />;
  if (!view)
    return (
      <div className="empty">
        <h2>{isReading ? 'Looking at the data' : 'Not looked at yet'}</h2>
        <p>Labels are counted and pixels measured, once for each image; nothing is changed.</p>
        {isReading ? <JobProgress title={LOOKING} /> : <ActionButton action="data.again" isPrimary />}
      </div>
    );
  return <Data view={view} />;
}

function Data({ view }: { readonly view: DataView }): ReactNode {
  const { profile, training, duplicates } = view;
  const isOld = useSession((session) => session.revision) !== useData((state) => state.revision);
  const opensTraining = training?.choice.kind === 'subset';
  const showToast = useSession((session) => session.showToast);
  useAction('data.copyTable', async () => {
    await app('clipboard.write', { text: dataTable(view) });
    showToast('The numbers of the data are on the clipboard.');
  });
  const histograms = (isOfBoxes: boolean) =>
    profile.measures
      .filter(({ key }) => OF_BOXES.includes(key) === isOfBoxes && key !== 'distance-from-centre')
      .map((own) => (
        <Histogram key={own.key} profile={own} resizer={profile.resizer} opensTraining={opensTraining} />
      ));
  const distance = profile.measures.find(({ key }) => key === 'distance-from-centre');
  return (
    <div className="data-page" data-pane>
      <Head view={view} isOld={isOld} />
      <Section title={training ? 'What differs' : 'What stands out'} caption={differencesCaption(view)}>
        {view.causes.length === 0 && (
          <p className="data-sentence">
            {training
              ? 'Nothing differs between training and evaluation by more than accident makes it.'
              : 'Nothing in the evaluation set alone costs recall by more than accident makes it.'}
          </p>
        )}
        <Differences view={view} />
      </Section>
      <Section title="Classes" caption="labels, and their share of the set">
        <ClassesPart classes={profile.classes} opensTraining={opensTraining} />
      </Section>
      <Section
        title="Boxes"
        caption="share of the labels in each bin; beneath, recall"
        tools={<InputChoice view={view} />}
      >
        {view.hasImageColumns && <ColumnsNote />}
        <div className="data-charts">{histograms(true)}</div>
      </Section>
      <Section title="Position" caption="centres of the boxes, in parts of the image">
        <PositionMaps position={profile.position} opensTraining={opensTraining} />
        {distance && (
          <div className="data-charts">
            <Histogram profile={distance} resizer={null} opensTraining={opensTraining} />
          </div>
        )}
      </Section>
      <Section
        title="Images"
        caption={
          profile.lookedAt < profile.evaluation.images
            ? `pixels of ${count(profile.lookedAt)} of ${count(profile.evaluation.images)} images were measured`
            : 'share of the images in each bin; beneath, recall of the objects in them'
        }
      >
        <div className="data-charts">{histograms(false)}</div>
      </Section>
      <Section title="Sources" caption="images, by what their names tell">
        <div className="scroll-sideways" tabIndex={0} role="region" aria-label="Table of sources">
          <SourcesPart profile={profile} />
        </div>
      </Section>
      {training && (
        <Section title="The same picture in both sets" caption="by its pixels, whatever the file is called">
          <TwinsPart twins={duplicates} />
        </Section>
      )}
    </div>
  );
}

const differencesCaption = ({ run, profile }: DataView): string =>
  run === null
    ? 'with a run of predictions each would have a price'
    : profile.training
      ? 'each tested, and weighed by how much recall depends on it'
      : 'weighed by recall';

function Head({ view, isOld }: { readonly view: DataView; readonly isOld: boolean }): ReactNode {
  const { profile, training, trainingProblem } = view;
  const words = (set: typeof profile.evaluation): string =>
    `${count(set.images)} images, ${count(set.labels)} labels, ${set.withoutLabels === 0 ? 'none' : count(set.withoutLabels)} without labels`;
  return (
    <header className="data-head">
      <div className="row">
        <h1>Data</h1>
        <span className="grow" />
        {isOld && <span className="quiet">before the last edits</span>}
        <ActionButton action="data.again">
          <RefreshCw size={14} aria-hidden="true" /> Look again
        </ActionButton>
      </div>
      <dl className="data-sets">
        <div>
          <dt>
            <svg className="legend" aria-hidden="true">
              <rect className="pale-bar" width="100%" height="100%" />
            </svg>
            Evaluation
          </dt>
          <dd>{words(profile.evaluation)}</dd>
        </div>
        <div>
          <dt>
            <svg className="legend" aria-hidden="true">
              <rect className="training-outline" width="100%" height="100%" />
            </svg>
            Training
          </dt>
          <dd>
            <TrainingPicker view={view} />
            {profile.training && <span>{words(profile.training)}</span>}
          </dd>
        </div>
      </dl>
      {trainingProblem && (
        <p className="caution-line">
          <TriangleAlert size={14} aria-hidden="true" className="caution-text" />
          {trainingProblem.message} {trainingProblem.next}
        </p>
      )}
      {!training && !trainingProblem && (
        <p className="quiet data-without">
          Without the training set only the evaluation set can be shown. With it, this page tells what the
          model was not shown: classes, sizes, shapes and places that differ, images that look otherwise,
          pictures that are in both sets, and what each costs.
        </p>
      )}
      <OpenFaults />
    </header>
  );
}

/** While the bookkeeping is wrong, recall and prices on this page are false. */
function OpenFaults(): ReactNode {
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const diagnosis = useCauses((state) => state.diagnosis);
  const isOfThis = diagnosis?.run === run && diagnosis.protocol === protocol;
  const faults = (isOfThis ? diagnosis.causes : []).filter(
    ({ group, state, gain }) => group === 'A' && state === 'open' && gain !== null,
  );
  if (faults.length === 0) return null;
  return (
    <p className="caution-line">
      <TriangleAlert size={14} aria-hidden="true" className="caution-text" />
      <span>
        Recall and prices on this page are false until this is repaired: {faults[0]!.title}.{' '}
        <ActionButton action="view.causes" isLink>
          Causes
        </ActionButton>
      </span>
    </p>
  );
}

function InputChoice({ view }: { readonly view: DataView }): ReactNode {
  const options = inputOptions(view);
  return (
    <Select
      label="Model input"
      value={inputValue(view.input)}
      options={options}
      prefix={<span className="quiet">Model input</span>}
      onChange={(value) => void chooseInput(options.find((option) => option.value === value)!.input)}
    />
  );
}

/** The usual first look divides the wrong columns. */
function ColumnsNote(): ReactNode {
  return (
    <p className="caution-line">
      <TriangleAlert size={14} aria-hidden="true" className="caution-text" />
      <span>
        These labels came in a CSV whose <code>width</code> and <code>height</code> are the image’s. The
        common <code>df.width / df.height</code> gives the shape of the images, not of the boxes. The chart
        below has <code>(xmax − xmin) / (ymax − ymin)</code>.
      </span>
    </p>
  );
}
