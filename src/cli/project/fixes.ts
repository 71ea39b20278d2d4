/** `project fixes`: suspect labels by what mending each is expected to gain, each with the operation that mends it. */
import type { FixState, FixView } from '../../contract/fix-view';
import type { Finding } from '../../core/foundation/finding';
import { LIVE_PROTOCOLS } from '../../core/metrics/evaluation';
import { makeFixQueue } from '../../engine/fixes/project-fixes';
import type { ProjectSession } from '../../engine/project/session';
import type { CommandContext, OutputOptions } from '../command';
import { printDocument, progressOnStderr, tellFindings, usage } from '../command';
import { chooseProtocols } from '../evaluate/options';
import { wholeNumber } from '../predict/options';
import { NOT_CANCELLED, runIdOf, withSession } from './commands';

export interface FixesOptions extends OutputOptions {
  readonly run?: string;
  readonly protocol?: string;
  readonly limit?: string;
  readonly all?: boolean;
}

/** Lines for people where no limit is given. */
const SHOWN = 20;

export async function projectFixes(
  context: CommandContext,
  file: string,
  options: FixesOptions,
): Promise<number> {
  const [named, ...more] = chooseProtocols(options);
  const protocol = LIVE_PROTOCOLS.find((one) => one === named);
  if (!protocol || more.length > 0)
    throw usage(
      'The fix queue is of one protocol that follows edits.',
      `Name one of ${LIVE_PROTOCOLS.join(', ')}.`,
    );
  const limit = options.limit === undefined ? Infinity : wholeNumber(options.limit, '--limit', 1);
  return withSession(context, file, async (session) => {
    const run = runIdOf(session, options.run);
    const { queue, states } = await makeFixQueue(session, run, protocol, progressOnStderr(NOT_CANCELLED));
    const { metric, score, standardError, stop, foundShare } = queue;
    const fixes = queue.fixes
      .map((fix, place) => fixRow(session, run, fix, states[place]!))
      .filter(({ state }) => options.all || state === 'open')
      .slice(0, limit);
    const findings = queue.isTrusted ? [] : [distrust(foundShare)];
    tellFindings(options, findings);
    const document = { protocol, [metric]: score, standardError, stop, foundShare, fixes, findings };
    return printDocument(context, options, document, () =>
      fixesText(fixes.slice(0, options.limit === undefined ? SHOWN : limit), fixes.length),
    );
  });
}

const distrust = (foundShare: number): Finding => ({
  code: 'run-finds-little',
  severity: 'warning',
  message: `The run finds ${Math.round(foundShare * 100)} % of the labels, so its word about the others counts for little.`,
  where: {},
  count: 1,
});

/** With names in place of keys; `operation` is one of `project edit`. */
function fixRow(session: ProjectSession, run: number, fix: FixView, state: FixState) {
  const { data } = session;
  const nameOf = (id: number): string => data.categories[data.indexOfCategory.get(id)!]!.name;
  const { kind, annotation, category, newCategory, newBox, seen } = fix;
  return {
    kind,
    state,
    image: fix.imageName,
    annotation,
    category: nameOf(category),
    bbox: fix.box,
    seen: seen && { ...seen, category: nameOf(seen.category) },
    probability: fix.probability,
    gain: fix.gain,
    expected: fix.expected,
    operation:
      annotation === null
        ? { accept: { run: session.run(run).name, prediction: seen!.prediction } }
        : newCategory !== null
          ? { change: { annotation, category: nameOf(newCategory) } }
          : newBox !== null
            ? { change: { annotation, bbox: newBox } }
            : { delete: { annotation } },
  };
}

type FixRow = ReturnType<typeof fixRow>;

function fixesText(rows: readonly FixRow[], total: number): string {
  if (total === 0) return 'No label is suspect.\n';
  const lines = rows.map(({ expected, probability, kind, category, image, annotation }) =>
    [
      `+${expected.toFixed(4)}`.padStart(9),
      probability.toFixed(2).padStart(6),
      ` ${kind.padEnd(13)}`,
      category,
      annotation === null ? '' : `[${annotation}]`,
      `in ${image}`,
    ]
      .filter(Boolean)
      .join(' '),
  );
  const rest = total > rows.length ? [`and ${total - rows.length} more (--limit, --json)`] : [];
  return `${['expected      p  kind', ...lines, ...rest].join('\n')}\n`;
}
