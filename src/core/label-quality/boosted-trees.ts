/**
 * Gradient-boosted regression trees for a yes-or-no question (Friedman 2001, with second-order leaf weights and L2 as
 * in XGBoost): small, deterministic, and at home with thresholds and interactions that a straight line does not have.
 */

/** Rows of features, row after row. */
export interface FeatureTable {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export interface BoostingOptions {
  readonly trees: number;
  readonly depth: number;
  readonly rate: number;
  /** Least sum of second derivatives in a leaf: about four times as many undecided rows. */
  readonly leafWeight: number;
  /** L2 penalty of a leaf. */
  readonly penalty: number;
  /** Columns of which a higher value never speaks against yes, as far as a split shows it. */
  readonly rising: readonly number[];
}

export const BOOSTING_DEFAULTS: BoostingOptions = {
  trees: 80,
  depth: 3,
  rate: 0.12,
  leafWeight: 4,
  penalty: 4,
  rising: [],
};

const BINS = 48;

/** A tree as arrays: children of node n are 2n + 1 and 2n + 2; a node without a feature is a leaf. */
interface Tree {
  readonly feature: Int16Array;
  readonly threshold: Float64Array;
  readonly value: Float64Array;
}

export class BoostedTrees {
  readonly #trees: readonly Tree[];
  readonly #start: number;

  constructor(start: number, trees: readonly Tree[]) {
    this.#start = start;
    this.#trees = trees;
  }

  /** Log odds of yes, as in the rows that were learned from. */
  logOdds(table: FeatureTable, row: number): number {
    const from = row * table.columns;
    let sum = this.#start;
    for (const { feature, threshold, value } of this.#trees) {
      let node = 0;
      while (feature[node]! >= 0)
        node = table.values[from + feature[node]!]! <= threshold[node]! ? 2 * node + 1 : 2 * node + 2;
      sum += value[node]!;
    }
    return sum;
  }
}

/** `isYes`: 0 or 1 by row; `rows`: those to learn from. Features must be finite. */
export function learnTrees(
  table: FeatureTable,
  isYes: Uint8Array,
  rows: Int32Array,
  options: BoostingOptions = BOOSTING_DEFAULTS,
): BoostedTrees {
  const yes = rows.reduce((count, row) => count + isYes[row]!, 0);
  const start = Math.log((yes + 1) / (rows.length - yes + 1));
  if (yes === 0 || yes === rows.length) return new BoostedTrees(start, []);
  const binned = binFeatures(table, rows);
  const grower = new TreeGrower(binned, options);
  const logOdds = new Float64Array(rows.length).fill(start);
  const trees: Tree[] = [];
  for (let index = 0; index < options.trees; index++) {
    for (let place = 0; place < rows.length; place++) {
      const probability = 1 / (1 + Math.exp(-logOdds[place]!));
      grower.gradient[place] = isYes[rows[place]!]! - probability;
      grower.curvature[place] = probability * (1 - probability);
    }
    trees.push(grower.grow(logOdds));
  }
  return new BoostedTrees(start, trees);
}

interface BinnedFeatures {
  readonly rows: number;
  readonly columns: number;
  /** Column after column: the bin of each row. */
  readonly bins: Uint8Array;
  /** By column: the highest value of each bin but the last. */
  readonly edges: readonly Float64Array[];
}

function binFeatures({ columns, values }: FeatureTable, rows: Int32Array): BinnedFeatures {
  const bins = new Uint8Array(rows.length * columns);
  const edges: Float64Array[] = [];
  for (let column = 0; column < columns; column++) {
    const own = Float64Array.from(rows, (row) => values[row * columns + column]!);
    const edge = quantileEdges(own);
    edges.push(edge);
    for (let place = 0; place < rows.length; place++)
      bins[column * rows.length + place] = binOf(edge, own[place]!);
  }
  return { rows: rows.length, columns, bins, edges };
}

function quantileEdges(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  const edges: number[] = [];
  for (let bin = 1; bin < BINS; bin++) {
    const value = sorted[Math.floor((bin * sorted.length) / BINS)]!;
    if (value < sorted[sorted.length - 1]! && value !== edges.at(-1)) edges.push(value);
  }
  return Float64Array.from(edges);
}

/** The first bin whose highest value is not below. */
function binOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

class TreeGrower {
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
  readonly #binned: BinnedFeatures;
  readonly #options: BoostingOptions;
  readonly #order: Int32Array;
  readonly #gradientSums = new Float64Array(BINS);
  readonly #curvatureSums = new Float64Array(BINS);

  constructor(binned: BinnedFeatures, options: BoostingOptions) {
    this.#binned = binned;
    this.#options = options;
    this.gradient = new Float64Array(binned.rows);
    this.curvature = new Float64Array(binned.rows);
    this.#order = new Int32Array(binned.rows);
  }

  /** A tree for the present gradients; `logOdds` of the rows are moved by it. */
  grow(logOdds: Float64Array): Tree {
    const nodes = 2 ** (this.#options.depth + 1) - 1;
    const tree: Tree = {
      feature: new Int16Array(nodes).fill(-1),
      threshold: new Float64Array(nodes),
      value: new Float64Array(nodes),
    };
    for (let place = 0; place < this.#order.length; place++) this.#order[place] = place;
    this.#split(tree, 0, 0, this.#order.length, 0, logOdds);
    return tree;
  }

  #split(tree: Tree, node: number, from: number, to: number, depth: number, logOdds: Float64Array): void {
    const best = depth < this.#options.depth ? this.#bestSplit(from, to) : null;
    if (!best) {
      const [gradient, curvature] = this.#sums(from, to);
      const value = (this.#options.rate * gradient) / (curvature + this.#options.penalty);
      tree.value[node] = value;
      for (let place = from; place < to; place++) logOdds[this.#order[place]!]! += value;
      return;
    }
    tree.feature[node] = best.column;
    tree.threshold[node] = this.#binned.edges[best.column]![best.bin]!;
    const middle = this.#partition(from, to, best.column, best.bin);
    this.#split(tree, 2 * node + 1, from, middle, depth + 1, logOdds);
    this.#split(tree, 2 * node + 2, middle, to, depth + 1, logOdds);
  }

  #sums(from: number, to: number): [gradient: number, curvature: number] {
    let gradient = 0;
    let curvature = 0;
    for (let place = from; place < to; place++) {
      gradient += this.gradient[this.#order[place]!]!;
      curvature += this.curvature[this.#order[place]!]!;
    }
    return [gradient, curvature];
  }

  #bestSplit(from: number, to: number): { readonly column: number; readonly bin: number } | null {
    const { columns, edges, bins, rows } = this.#binned;
    const { penalty, leafWeight } = this.#options;
    const [gradient, curvature] = this.#sums(from, to);
    const gain = (g: number, h: number): number => (g * g) / (h + penalty);
    let best: { column: number; bin: number } | null = null;
    let most = gain(gradient, curvature) + 1e-9;
    for (let column = 0; column < columns; column++) {
      const splits = edges[column]!.length;
      if (splits === 0) continue;
      const isRising = this.#options.rising.includes(column);
      this.#gradientSums.fill(0, 0, splits + 1);
      this.#curvatureSums.fill(0, 0, splits + 1);
      for (let place = from; place < to; place++) {
        const row = this.#order[place]!;
        const bin = bins[column * rows + row]!;
        this.#gradientSums[bin]! += this.gradient[row]!;
        this.#curvatureSums[bin]! += this.curvature[row]!;
      }
      let left = 0;
      let leftWeight = 0;
      for (let bin = 0; bin < splits; bin++) {
        left += this.#gradientSums[bin]!;
        leftWeight += this.#curvatureSums[bin]!;
        const rightWeight = curvature - leftWeight;
        const right = gradient - left;
        if (leftWeight < leafWeight || rightWeight < leafWeight) continue;
        const total = gain(left, leftWeight) + gain(right, rightWeight);
        if (total <= most) continue;
        if (isRising && left * (rightWeight + penalty) > right * (leftWeight + penalty)) continue;
        most = total;
        best = { column, bin };
      }
    }
    return best;
  }

  /** Rows of low bins first; returns where the others begin. */
  #partition(from: number, to: number, column: number, bin: number): number {
    const { bins, rows } = this.#binned;
    const order = this.#order;
    let middle = from;
    for (let place = from; place < to; place++) {
      const row = order[place]!;
      if (bins[column * rows + row]! > bin) continue;
      order[place] = order[middle]!;
      order[middle] = row;
      middle++;
    }
    return middle;
  }
}
