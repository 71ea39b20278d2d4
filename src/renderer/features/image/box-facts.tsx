/** The selected box: what it is, what became of it, and what can be done with it. */
import type { ReactNode } from 'react';
import { boxArea } from '../../editor/geometry';
import type { Scene, SceneBox } from '../../editor/scene';
import { OutcomeGlyph } from '../../ui/outcome-glyph';
import type { BoxChange, ImageController } from './image-controller';
import { count, pixels, sizeWord, threeDigits, timeOfDay } from './number-text';
import { OUTCOME_NAMES, STATUS_WORDS } from './outcome-words';

export interface BoxFactsProps {
  readonly box: SceneBox;
  readonly scene: Scene;
  readonly change: BoxChange | undefined;
  readonly controller: ImageController;
  readonly onPickClass: () => void;
}

export function BoxFacts({ box, scene, change, controller, onPickClass }: BoxFactsProps): ReactNode {
  const name = controller.className(box.category);
  const isTruth = box.kind === 'truth';
  return (
    <section aria-label="Selected box" data-testid="box-facts">
      <header>
        <OutcomeGlyph outcome={box.outcome} size="large" />
        <h2>{name}</h2>
        <span className="quiet end">
          {change ? `${change.verb} ${timeOfDay(change.savedAt)}` : isTruth ? 'ground truth' : 'prediction'}
        </span>
      </header>
      <dl>
        <dt>Outcome</dt>
        <dd>{OUTCOME_NAMES[box.outcome]}</dd>
        {change?.was && change.was !== box.outcome && (
          <>
            <dt>Was</dt>
            <dd className="with-glyph">
              <OutcomeGlyph outcome={change.was} /> {OUTCOME_NAMES[change.was]}
            </dd>
          </>
        )}
        <dt>{isTruth ? 'Prediction' : 'Ground truth'}</dt>
        <dd>{partnerText(box, scene, controller)}</dd>
        {box.score !== null && (
          <>
            <dt>Score</dt>
            <dd>{threeDigits(box.score)}</dd>
          </>
        )}
        <dt>Box, pixels</dt>
        <dd data-testid="box-pixels">
          {pixels(box.box[0])}, {pixels(box.box[1])}, {pixels(box.box[2])} × {pixels(box.box[3])}
        </dd>
        <dt>Area</dt>
        <dd>
          {count(boxArea(box.box))} px, {sizeWord(boxArea(box.box))}
        </dd>
        {box.status !== 'to-do' && (
          <>
            <dt>Verdict</dt>
            <dd>{STATUS_WORDS[box.status]}</dd>
          </>
        )}
      </dl>
      <div className="box-actions">
        {isTruth ? (
          <TruthActions box={box} controller={controller} onPickClass={onPickClass} />
        ) : (
          <PredictionActions box={box} controller={controller} />
        )}
      </div>
    </section>
  );
}

function partnerText(box: SceneBox, scene: Scene, controller: ImageController): string {
  const partner = box.partner === null ? undefined : scene.byKey.get(box.partner);
  if (!partner) return box.iou === null ? 'none' : `none, best IoU ${threeDigits(box.iou)}`;
  const verb = box.outcome === 'true-positive' ? '' : box.kind === 'truth' ? 'loose, ' : 'points at ';
  const what = partner.kind === 'prediction' ? `no. ${partner.id}` : controller.className(partner.category);
  return `${verb}${what}, IoU ${threeDigits(box.iou)}`;
}

interface ActionsProps {
  readonly box: SceneBox;
  readonly controller: ImageController;
}

function TruthActions({
  box,
  controller,
  onPickClass,
}: ActionsProps & { readonly onPickClass: () => void }): ReactNode {
  return (
    <>
      <button type="button" className="button" onClick={onPickClass}>
        Class <kbd className="kbd">0</kbd>
      </button>
      <button type="button" className="button" onClick={() => controller.remove()}>
        Delete <kbd className="kbd">Del</kbd>
      </button>
      {box.partner !== null && box.outcome !== 'true-positive' && <ReplaceButton controller={controller} />}
      <VerdictButton box={box} controller={controller} />
      <label className="flag">
        <input type="checkbox" checked={box.difficult} onChange={() => controller.toggleFlag('difficult')} />{' '}
        Difficult
      </label>
      <label className="flag">
        <input type="checkbox" checked={box.crowd} onChange={() => controller.toggleFlag('crowd')} /> Crowd
      </label>
    </>
  );
}

function PredictionActions({ box, controller }: ActionsProps): ReactNode {
  return (
    <>
      {box.outcome !== 'true-positive' && (
        <button type="button" className="button primary" onClick={() => controller.accept()}>
          Accept <kbd className="kbd">Enter</kbd>
        </button>
      )}
      {box.partner !== null && <ReplaceButton controller={controller} />}
      <VerdictButton box={box} controller={controller} />
    </>
  );
}

function VerdictButton({ box, controller }: ActionsProps): ReactNode {
  if (box.outcome === 'true-positive' || box.outcome === 'ignored') return null;
  const isDismissed = box.status === 'dismissed';
  return (
    <button
      type="button"
      className="button"
      title={isDismissed ? 'Take the verdict back' : 'The label is right, the model is wrong'}
      onClick={() => controller.judge(isDismissed ? 'to-do' : 'dismissed')}
    >
      {isDismissed ? 'Clear verdict' : 'Dismiss'} <kbd className="kbd">{isDismissed ? 'U' : 'X'}</kbd>
    </button>
  );
}

function ReplaceButton({ controller }: { readonly controller: ImageController }): ReactNode {
  return (
    <button
      type="button"
      className="button"
      title="The ground truth takes the prediction's box and class"
      onClick={() => controller.replace()}
    >
      Replace truth
    </button>
  );
}
