/** Suspects in words: the question, what accepting does, what the model saw. */
import type { FixState, FixView } from '../../../contract/fix-view';
import type { TileOutcome } from '../../../contract/view-types';
import type { ClassName } from '../../state/class-name';
import type { SuggestionKind } from '../../../core/label-quality/label-error';

export const KIND_NAMES: Readonly<Record<SuggestionKind, string>> = {
  missing: 'Missing labels',
  extra: 'Labels of nothing',
  'wrong-class': 'Wrong classes',
  'badly-placed': 'Badly placed boxes',
  duplicated: 'Objects labelled twice',
};

export const STATE_NAMES: Readonly<Record<FixState, string>> = {
  open: 'Open',
  done: 'Mended',
  dismissed: 'Dismissed',
};

/** The outcome whose line and colour the suspect's boxes have. */
export const KIND_OUTCOMES: Readonly<Record<SuggestionKind, TileOutcome>> = {
  missing: 'false-positive',
  extra: 'miss',
  'wrong-class': 'wrong-class',
  'badly-placed': 'loose-box',
  duplicated: 'duplicate',
};

export function questionOf({ kind, category, newCategory }: FixView, className: ClassName): string {
  const name = className(category);
  switch (kind) {
    case 'missing':
      return `Add this ${name}?`;
    case 'extra':
      return `Delete this ${name}?`;
    case 'wrong-class':
      return `Is this ${name} a ${className(newCategory!)}?`;
    case 'badly-placed':
      return `Move this ${name}?`;
    case 'duplicated':
      return `Delete the second label of this ${name}?`;
  }
}

export function acceptWords({ kind, newCategory }: FixView, className: ClassName): string {
  switch (kind) {
    case 'missing':
      return 'Add the label';
    case 'extra':
      return 'Delete the label';
    case 'wrong-class':
      return `Make it ${className(newCategory!)}`;
    case 'badly-placed':
      return 'Move the box';
    case 'duplicated':
      return 'Delete the second';
  }
}

export const dismissWords = ({ kind }: FixView): string =>
  kind === 'missing' ? 'Nothing is to be labelled' : 'The label is right';

/** What the model saw at the place, in a sentence. */
export function seenWords({ kind, seen }: FixView, className: ClassName): string {
  if (kind === 'duplicated') return 'Two labels of this class overlap by more than 0.9 IoU.';
  if (!seen) return 'The model saw nothing here.';
  const what = `${className(seen.category)}, score ${seen.score.toFixed(2)}`;
  if (kind === 'missing') return `The model saw ${what}; no label of that class stands here.`;
  const iou = `IoU ${(seen.iou ?? 0).toFixed(2)} with the label`;
  return kind === 'extra'
    ? `The nearest that the model saw: ${what}, ${iou}.`
    : `The model saw ${what}, ${iou}.`;
}
