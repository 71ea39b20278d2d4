/** The keys that matter most on a page, for the status bar. */
import type { ActionId } from '../../contract/actions';
import { ACTIONS } from '../../contract/actions';
import type { Section } from '../state/session-state';

export interface KeyHint {
  readonly keys: readonly string[];
  readonly what: string;
  /** Shown while this can be done. */
  readonly while: ActionId;
}

/** Of actions, the first of which says when it is shown. */
const does = (what: string, first: ActionId, ...others: ActionId[]): KeyHint => ({
  keys: [first, ...others].map((action) => ACTIONS[action].keys[0] ?? ''),
  what,
  while: first,
});
/** Of keys that are a control's own and no action's. */
const keys = (what: string, action: ActionId, ...own: string[]): KeyHint => ({
  keys: own,
  what,
  while: action,
});

const TILES: readonly KeyHint[] = [
  keys('tile', 'go.open', 'ArrowLeft', 'ArrowRight'),
  keys('select', 'go.open', 'Space'),
  keys('hold: hide boxes', 'go.open', 'Shift'),
  does('tile size', 'view.tilesSmaller', 'view.tilesLarger'),
];
const HINTS: Readonly<Partial<Record<Section, readonly KeyHint[]>>> = {
  start: [
    does('import a folder', 'import.folder'),
    does('open', 'project.open'),
    does('commands', 'go.palette'),
  ],
  causes: [
    does('cause', 'causes.previous', 'causes.next'),
    does('open images', 'causes.images'),
    does('fix queue', 'causes.fix'),
    does('repair', 'causes.repair'),
    does('accept', 'causes.accept'),
  ],
  fixes: [
    does('accept', 'box.accept'),
    does('dismiss', 'review.dismiss'),
    does('next, previous', 'fixes.next', 'fixes.previous'),
    does('open image', 'fixes.open'),
    does('undo', 'edit.undo'),
  ],
  failures: [...TILES, does('images', 'view.galleryKind')],
  images: [...TILES, does('failures', 'view.galleryKind')],
  image: [does('next failure', 'go.nextFailure'), does('accept', 'box.accept'), does('draw', 'box.draw')],
  metrics: [
    keys('boxes behind a number', 'scores.copyTable', 'Enter'),
    does('operating point', 'scores.confidenceDown', 'scores.confidenceUp'),
    does('copy table', 'scores.copyTable'),
  ],
  compare: [
    does('next, previous', 'compare.next', 'compare.previous'),
    does('blink A and B', 'compare.blink'),
    does('fix label', 'compare.open'),
    does('dismiss', 'review.dismiss'),
  ],
  data: [
    does('difference', 'data.previous', 'data.next'),
    does('open images', 'data.images'),
    does('copy numbers', 'data.copyTable'),
  ],
  training: [
    does('evaluation', 'training.previousEvaluation', 'training.nextEvaluation'),
    does('linear or logarithmic', 'training.scale'),
    does('copy corrected configuration', 'training.copyConfig'),
  ],
  history: [does('undo', 'edit.undo'), does('redo', 'edit.redo')],
};

export const hintsOf = (section: Section): readonly KeyHint[] => HINTS[section] ?? [];
