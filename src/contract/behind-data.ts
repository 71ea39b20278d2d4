/** Images behind a bar or a cell of the Data page: a rule that galleries and saved views keep. */
import { z } from 'zod';
import { MEASURE_KEYS } from '../core/diagnosis/data/properties';

const size = z.int().min(1).max(100_000);
export const resizerSchema = z.union([
  z.object({ kind: z.literal('fixed'), height: size, width: size }),
  z.object({ kind: z.literal('keep-aspect'), shortest: size, longest: size, padsToLongest: z.boolean() }),
]);

const bound = z.number().refine(Number.isFinite).nullable();
/** Images behind a bar or a cell of the data page. */
export const behindDataSchema = z.object({
  set: z.enum(['evaluation', 'training']),
  ranges: z
    .array(z.object({ measure: z.enum(MEASURE_KEYS), low: bound, high: bound }))
    .max(8)
    .readonly(),
  category: z.int().nullable(),
  source: z.string().max(4096).nullable(),
  resizer: resizerSchema.nullable(),
  /** What it is, for people. */
  words: z.string().min(1).max(500),
});
export type BehindData = z.infer<typeof behindDataSchema>;
