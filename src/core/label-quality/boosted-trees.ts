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

/** `isYes`: 0 or 1 by row of the table. */
export function learnTrees(
  binned: BinnedRows,
  isYes: Uint8Array,
  options: BoostingOptions = BOOSTING_DEFAULTS,
): BoostedTrees {
  const { rows } = binned;
  const yes = rows.reduce((count, row) => count + isYes[row]!, 0);
  const start = Math.log((yes + 1) / (rows.length - yes + 1));
  if (yes === 0 || yes === rows.length) return new BoostedTrees(start, []);
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

/** Rows to learn from, made ready for any number of questions. */
export interface BinnedRows {
  /** Of the table that they were taken from. */
  readonly rows: Int32Array;
  /** Column after column: the bin of each row. */
  readonly bins: readonly Uint8Array[];
  /** By column: the highest value of each bin but the last. */
  readonly edges: readonly Float64Array[];
}

/** Features must be finite. */
export function binRows({ columns, values }: FeatureTable, rows: Int32Array): BinnedRows {
  const bins: Uint8Array[] = [];
  const edges: Float64Array[] = [];
  for (let column = 0; column < columns; column++) {
    const own = new Float64Array(rows.length);
    for (let place = 0; place < rows.length; place++) own[place] = values[rows[place]! * columns + column]!;
    const edge = quantileEdges(own);
    const bin = new Uint8Array(rows.length);
    for (let place = 0; place < rows.length; place++) bin[place] = binOf(edge, own[place]!);
    edges.push(edge);
    bins.push(bin);
  }
  return { rows, bins, edges };
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

interface Split {
  readonly column: number;
  readonly bin: number;
}

interface BestSplit {
  most: number;
  split: Split | null;
}

class TreeGrower {
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
  readonly #binned: BinnedRows;
  readonly #options: BoostingOptions;
  readonly #order: Int32Array;
  /** Gradient and curvature of each row of a node, in its order. */
  readonly #derivatives: Float64Array;
  /** The same summed over each bin, of two columns: counting two at once keeps the processor busy. */
  readonly #sumsOfBins = [new Float64Array(2 * BINS), new Float64Array(2 * BINS)] as const;

  constructor(binned: BinnedRows, options: BoostingOptions) {
    this.#binned = binned;
    this.#options = options;
    this.gradient = new Float64Array(binned.rows.length);
    this.curvature = new Float64Array(binned.rows.length);
    this.#order = new Int32Array(binned.rows.length);
    this.#derivatives = new Float64Array(2 * binned.rows.length);
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
      const order = this.#order;
      for (let place = from; place < to; place++) logOdds[order[place]!]! += value;
      return;
    }
    tree.feature[node] = best.column;
    tree.threshold[node] = this.#binned.edges[best.column]![best.bin]!;
    const middle = this.#partition(from, to, best.column, best.bin);
    this.#split(tree, 2 * node + 1, from, middle, depth + 1, logOdds);
    this.#split(tree, 2 * node + 2, middle, to, depth + 1, logOdds);
  }

  #sums(from: number, to: number): [gradient: number, curvature: number] {
    const order = this.#order;
    const { gradient, curvature } = this;
    let gradients = 0;
    let curvatures = 0;
    for (let place = from; place < to; place++) {
      gradients += gradient[order[place]!]!;
      curvatures += curvature[order[place]!]!;
    }
    return [gradients, curvatures];
  }

  #bestSplit(from: number, to: number): Split | null {
    const [gradient, curvature] = this.#sums(from, to);
    const columns = [...this.#binned.edges.keys()].filter((column) => this.#binned.edges[column]!.length > 0);
    const gain = (g: number, h: number): number => (g * g) / (h + this.#options.penalty);
    const best: BestSplit = { most: gain(gradient, curvature) + 1e-9, split: null };
    this.#gather(from, to);
    for (let at = 0; at < columns.length; at += 2) {
      const pair = columns.slice(at, at + 2);
      this.#sumBins(from, to, pair[0]!, pair[1] ?? pair[0]!);
      pair.forEach((column, side) =>
        this.#improve(best, column, this.#sumsOfBins[side]!, gradient, curvature),
      );
    }
    return best.split;
  }

  #gather(from: number, to: number): void {
    const { gradient, curvature } = this;
    const order = this.#order;
    const derivatives = this.#derivatives;
    for (let place = from; place < to; place++) {
      const row = order[place]!;
      derivatives[2 * place] = gradient[row]!;
      derivatives[2 * place + 1] = curvature[row]!;
    }
  }

  #sumBins(from: number, to: number, first: number, second: number): void {
    const order = this.#order;
    const derivatives = this.#derivatives;
    const [firstSums, secondSums] = this.#sumsOfBins;
    const firstBins = this.#binned.bins[first]!;
    const secondBins = this.#binned.bins[second]!;
    firstSums.fill(0);
    secondSums.fill(0);
    for (let place = from; place < to; place++) {
      const row = order[place]!;
      const gradient = derivatives[2 * place]!;
      const curvature = derivatives[2 * place + 1]!;
      const one = 2 * firstBins[row]!;
      const other = 2 * secondBins[row]!;
      firstSums[one]! += gradient;
      firstSums[one + 1]! += curvature;
      secondSums[other]! += gradient;
      secondSums[other + 1]! += curvature;
    }
  }

  /** Takes a split of the column where it gains more than the best before. */
  #improve(best: BestSplit, column: number, sums: Float64Array, gradient: number, curvature: number): void {
    const { penalty, leafWeight } = this.#options;
    const isRising = this.#options.rising.includes(column);
    const splits = this.#binned.edges[column]!.length;
    let left = 0;
    let leftWeight = 0;
    for (let bin = 0; bin < splits; bin++) {
      left += sums[2 * bin]!;
      leftWeight += sums[2 * bin + 1]!;
      const rightWeight = curvature - leftWeight;
      const right = gradient - left;
      if (leftWeight < leafWeight || rightWeight < leafWeight) continue;
      const total = (left * left) / (leftWeight + penalty) + (right * right) / (rightWeight + penalty);
      if (total <= best.most) continue;
      if (isRising && left * (rightWeight + penalty) > right * (leftWeight + penalty)) continue;
      best.most = total;
      best.split = { column, bin };
    }
  }

  /** Rows of low bins first; returns where the others begin. */
  #partition(from: number, to: number, column: number, bin: number): number {
    const bins = this.#binned.bins[column]!;
    const order = this.#order;
    let middle = from;
    for (let place = from; place < to; place++) {
      const row = order[place]!;
      if (bins[row]! > bin) continue;
      order[place] = order[middle]!;
      order[middle] = row;
      middle++;
    }
    return middle;
  }
}
