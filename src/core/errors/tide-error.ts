/** TIDE's error types, in the order in which their rules are tried; index 0 is no error. */
export const TIDE_ERRORS = [null, 'Loc', 'Cls', 'Dupe', 'Bkg', 'Both'] as const;
export type TideError = Exclude<(typeof TIDE_ERRORS)[number], null>;

export const NO_ERROR = 0;
export const LOC = 1;
export const CLS = 2;
export const DUPE = 3;
export const BKG = 4;
export const BOTH = 5;

/** Below this IoU with everything, a prediction is on background. */
export const BACKGROUND_IOU = 0.1;

/**
 * The error type of a false positive (TIDE `errors/main_errors.py`): the first rule that fires, both ends of each range
 * included. IoUs are with all counted annotations, matched or not; `used`: the best IoU with a matched one of its class.
 */
export function tideError(
  foreground: number,
  same: number,
  other: number,
  used: number,
  background = BACKGROUND_IOU,
): number {
  if (same >= background && same <= foreground) return LOC;
  if (other >= foreground) return CLS;
  if (used >= foreground) return DUPE;
  if (Math.max(same, other) <= background) return BKG;
  return BOTH;
}
