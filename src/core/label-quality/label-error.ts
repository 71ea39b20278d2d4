/** What can be wrong with a label; `missing` is about one that is not there. */
export const LABEL_ERRORS = ['missing', 'extra', 'wrong-class', 'badly-placed'] as const;
export type LabelError = (typeof LABEL_ERRORS)[number];

/** What the fix queue suggests. `duplicated`: a second label on an object; it is seen without any model. */
export const SUGGESTION_KINDS = [...LABEL_ERRORS, 'duplicated'] as const;
export type SuggestionKind = (typeof SUGGESTION_KINDS)[number];
