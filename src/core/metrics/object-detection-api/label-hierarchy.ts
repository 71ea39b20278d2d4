import { BadInput } from '../../foundation/bad-input';

/** Deeper trees are taken for a mistake; Open Images' own has five levels. */
const MOST_LEVELS = 64;

/** Who stands above and below a label, by name, the root left out. A label may stand in several places. */
export interface LabelHierarchy {
  readonly ancestors: ReadonlyMap<string, ReadonlySet<string>>;
  readonly descendants: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Reads Open Images' form: `{ LabelName, Subcategory?: [...] }`, the outermost being the root, which is no class.
 * Anything else in a node (such as `Part`) is left alone. Throws `BadInput`.
 */
export function readLabelHierarchy(json: unknown): LabelHierarchy {
  const ancestors = new Map<string, Set<string>>();
  const descendants = new Map<string, Set<string>>();
  const visit = (node: unknown, path: readonly string[]) => {
    const label = labelOf(node, path);
    if (path.includes(label)) throw badHierarchy(`“${label}” stands below itself`, path);
    if (path.length >= MOST_LEVELS) throw badHierarchy(`it has over ${MOST_LEVELS} levels`, path);
    if (!ancestors.has(label)) ancestors.set(label, new Set());
    if (!descendants.has(label)) descendants.set(label, new Set());
    for (const above of path) {
      ancestors.get(label)!.add(above);
      descendants.get(above)!.add(label);
    }
    for (const child of childrenOf(node, label, path)) visit(child, [...path, label]);
  };
  const root = labelOf(json, []);
  for (const child of childrenOf(json, root, [])) visit(child, []);
  refuseCircles(ancestors);
  return { ancestors, descendants };
}

function labelOf(node: unknown, path: readonly string[]): string {
  const label = isObject(node) ? node.LabelName : undefined;
  if (typeof label === 'string' && label !== '') return label;
  throw badHierarchy('a node has no LabelName', path);
}

function childrenOf(node: unknown, label: string, path: readonly string[]): readonly unknown[] {
  const children = isObject(node) ? node.Subcategory : undefined;
  if (children === undefined) return [];
  if (Array.isArray(children)) return children;
  throw badHierarchy(`Subcategory of “${label}” is not a list`, path);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Two labels, each above the other in different places. */
function refuseCircles(ancestors: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [label, above] of ancestors) {
    for (const other of above) {
      if (ancestors.get(other)!.has(label))
        throw badHierarchy(`“${label}” and “${other}” stand above each other`, []);
    }
  }
}

function badHierarchy(why: string, path: readonly string[]): BadInput {
  const place = path.length === 0 ? '' : ` (below ${path.slice(-5).join(' > ')})`;
  return new BadInput(
    'invalid-hierarchy',
    `Hierarchy of labels: ${why}${place}`,
    'Give a JSON file in the form of Open Images: {"LabelName": ..., "Subcategory": [...]}.',
  );
}
