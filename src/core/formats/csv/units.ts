import type { ConventionChoice } from '../conventions/box-convention';
import type { ToldParts } from '../conventions/witness';
import { parseDecimal } from '../decimal';
import type { RecordReporter } from '../reading';

/** Whether corners are shares of the image: as the user says, else where all are at most 1.5 and some are not whole. */
export function unitsOf(
  texts: readonly string[],
  choice: ConventionChoice,
  report: RecordReporter,
): { readonly units: 'pixels' | 'shares'; readonly told: ToldParts } {
  if (choice.units !== undefined) return { units: choice.units, told: {} };
  const values = texts.map(parseDecimal).filter(Number.isFinite);
  if (values.some((value) => value > 1.5))
    return {
      units: 'pixels',
      told: { units: { how: 'found', why: 'Coordinates are larger than a share of an image can be.' } },
    };
  if (!values.some((value) => value % 1 !== 0)) return { units: 'pixels', told: {} };
  report.note(
    'coordinates-normalised',
    'warning',
    'All coordinates are at most 1.5: they are read as shares of the image’s size.',
  );
  return {
    units: 'shares',
    told: { units: { how: 'found', why: 'All coordinates are at most 1.5, and some are not whole.' } },
  };
}
