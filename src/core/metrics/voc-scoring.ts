import type { ClassMatches } from '../matching/class-matches';
import type { MatchRule } from '../matching/match-rule';
import type { MatchTable } from '../matching/match-table';
import type { ClassPredictions } from '../matching/prediction-table';
import type { ClassCurve, VocParameters } from './evaluation';
import { vocParameters, vocRule } from './parameters';
import type { ProtocolScoring } from './protocol-scoring';
import { vocAveragePrecision, vocCurve, type VocEdition } from './voc-accumulate';

/** A class's AP: null without annotations that count; with several thresholds their mean. */
export interface VocClassSummary {
  readonly AP: number | null;
}

/** VOC 2007 (11 points) and 2012 (area). Throws `BadInput` where parameters are out of bounds. */
export class VocScoring implements ProtocolScoring<VocClassSummary> {
  readonly rule: MatchRule;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly #edition: VocEdition;

  constructor(edition: VocEdition, given: Partial<VocParameters>) {
    const parameters = vocParameters(given);
    this.#edition = edition;
    this.rule = vocRule(parameters);
    this.parameters = { ...parameters };
  }

  summarize(predictions: ClassPredictions, matches: ClassMatches, score: Float64Array): VocClassSummary {
    const { thresholds } = this.rule;
    const positives = matches.positives[0]!;
    return {
      AP: mean(
        thresholds.map((_, threshold) => {
          const curve = vocCurve(predictions, matches, threshold, thresholds.length, score);
          return vocAveragePrecision(curve, positives, this.#edition);
        }),
      ),
    };
  }

  /** Plain mean over the classes that have annotations. */
  headline(classes: readonly VocClassSummary[]): number | null {
    return mean(classes.map(({ AP }) => AP));
  }

  metrics(classes: readonly VocClassSummary[]): Record<string, number | null> {
    return { mAP: this.headline(classes) };
  }

  classMetrics(summary: VocClassSummary): { AP: number | null } {
    return { AP: summary.AP };
  }

  arrays(): null {
    return null;
  }

  curve(table: MatchTable, klass: number): Omit<ClassCurve, 'id'> {
    const curve = vocCurve(
      table.predictions.classes[klass]!,
      table.matches(klass),
      0,
      this.rule.thresholds.length,
      table.columns.score,
    );
    return { recall: [...curve.recall], precision: [...curve.precision], score: [...curve.score] };
  }
}

function mean(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  if (defined.length === 0) return null;
  return defined.reduce((total, value) => total + value, 0) / defined.length;
}
