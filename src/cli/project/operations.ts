/** Operations as the command line takes them, by names, turned into the engine's, by keys. All are checked first. */
import { z } from 'zod';
import type { Operation } from '../../contract/engine-calls';
import { REVIEW_STATUSES } from '../../contract/view-types';
import { BadInput } from '../../core/foundation/bad-input';
import type { ProjectSession } from '../../engine/project/session';

const finite = z.number().refine(Number.isFinite);
const size = finite.refine((value) => value > 0, 'has to be greater than 0');
const bbox = z.tuple([finite, finite, size, size], 'has to be [x, y, width, height]');
const flags = { difficult: z.boolean().optional(), crowd: z.boolean().optional() };
const whole = z.int();

const operationSchema = z.union([
  z.strictObject({ add: z.strictObject({ image: z.string(), category: z.string(), bbox, ...flags }) }),
  z.strictObject({
    change: z.strictObject({
      annotation: whole,
      bbox: bbox.optional(),
      category: z.string().optional(),
      ...flags,
    }),
  }),
  z.strictObject({ delete: z.strictObject({ annotation: whole }) }),
  z.strictObject({ accept: z.strictObject({ run: z.string(), prediction: whole }) }),
  z.strictObject({ replace: z.strictObject({ annotation: whole, run: z.string(), prediction: whole }) }),
  z.strictObject({
    review: z.strictObject({
      image: z.string(),
      status: z.enum(REVIEW_STATUSES).optional(),
      note: z.string().optional(),
    }),
  }),
]);

/** In the order of the schema. */
const KINDS = ['add', 'change', 'delete', 'accept', 'replace', 'review'];

/** Of all kinds that an operation may be of, what hinders it from being the one that it calls itself. */
function whatIsWrong({ issues }: z.ZodError, given: unknown): string {
  const names = typeof given === 'object' && given !== null ? Object.keys(given) : [];
  const [kind] = names;
  if (kind === undefined || names.length > 1 || !KINDS.includes(kind))
    return `it has to be an object with one of ${KINDS.join(', ')}`;
  const [issue] = issues;
  // Where one kind fits but for a detail, it is told of that kind alone.
  const ofKind = issue?.code === 'invalid_union' ? issue.errors[KINDS.indexOf(kind)]?.[0] : issue;
  if (!ofKind) return 'it is not of a kind that is known';
  const place = ofKind.path.join('.') || kind;
  return `${place}: ${ofKind.message.charAt(0).toLowerCase()}${ofKind.message.slice(1)}`;
}

/** Throws `BadInput`, naming the operation, where one is wrong or names something that is not there. */
export function parseOperations(session: ProjectSession, given: unknown): Operation[] {
  if (!Array.isArray(given)) {
    throw new BadInput(
      'operations-invalid',
      'The operations are not a list.',
      'Give a JSON list of operations.',
    );
  }
  return given.map((one: unknown, record) => {
    const parsed = operationSchema.safeParse(one);
    if (parsed.success) return resolve(session, parsed.data, record);
    const message = `Operation ${record} is not valid, ${whatIsWrong(parsed.error, one)}: ${JSON.stringify(one)}.`;
    throw new BadInput('operation-invalid', message, 'Correct it; nothing was done.', { record });
  });
}

function resolve(
  session: ProjectSession,
  operation: z.infer<typeof operationSchema>,
  record: number,
): Operation {
  const missing = (code: string, what: string): BadInput =>
    new BadInput(
      code,
      `Operation ${record} names ${what}, which is not there.`,
      'Correct it; nothing was done.',
      { record },
    );
  const image = (name: string): number => {
    const found = session.data.images.find(({ fileName }) => fileName === name);
    if (!found) throw missing('image-unknown', `the image “${name}”`);
    return found.key;
  };
  const category = (name: string): number => {
    const found = session.data.categories.find((one) => one.name === name);
    if (!found) throw missing('category-unknown', `the class “${name}”`);
    return found.id;
  };
  const run = (name: string): number => {
    const found = session.runs.find((one) => one.name === name);
    if (!found) throw missing('run-unknown', `the run “${name}”`);
    return found.id;
  };
  if ('add' in operation) {
    const { image: imageName, category: className, bbox: box, ...rest } = operation.add;
    return { add: { image: image(imageName), category: category(className), box, ...rest } };
  }
  if ('change' in operation) {
    const { category: className, bbox: box, ...rest } = operation.change;
    return {
      change: {
        ...rest,
        ...(box ? { box } : {}),
        ...(className === undefined ? {} : { category: category(className) }),
      },
    };
  }
  if ('accept' in operation) return { accept: { ...operation.accept, run: run(operation.accept.run) } };
  if ('replace' in operation) return { replace: { ...operation.replace, run: run(operation.replace.run) } };
  if ('review' in operation) return { review: { ...operation.review, image: image(operation.review.image) } };
  return operation;
}
