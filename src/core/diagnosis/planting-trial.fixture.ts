/** Plants faults, diagnoses, and says whether the bill names them and at what price. */
import { noProgress } from '../foundation/cancellation';
import type { Diagnosis } from './diagnose';
import { diagnose } from './diagnose';
import type { DataFiles } from './data-files.fixture';
import { copyOf, randomOf, situationOf } from './data-files.fixture';
import type { Planting, Where } from './planting.fixture';
import { Scores } from './price';
import type { Rule } from './rule';

export interface Trial {
  readonly name: string;
  readonly trueLoss: number;
  readonly isNamed: boolean;
  /** What the bill says all of them cost, less the true loss; null where none has an exact price. */
  readonly priceError: number | null;
  readonly diagnosis: Diagnosis;
}

const NO_SOURCES = { train: null, training: null, reported: [] };

/** `rules`: besides the repair search. */
export const diagnoseFiles = (files: DataFiles, rules: readonly Rule[] = []): Diagnosis => {
  const situation = situationOf(files);
  return diagnose(situation, situation.truth, NO_SOURCES, rules, noProgress, { hasIntervals: false });
};

export const scoreOf = (files: DataFiles): number => new Scores().score(situationOf(files)) ?? 0;

/** What a fault costs in all images. */
export function lossOf(clean: DataFiles, cleanScore: number, planting: Planting): number {
  const files = copyOf(clean);
  planting.plant(files, EVERYWHERE.where, randomOf(7));
  return cleanScore - scoreOf(files);
}

export interface Place {
  readonly name: string;
  readonly where: Where;
}

export const EVERYWHERE: Place = { name: 'all images', where: () => true };

/** Null where the fault costs less than `least`, so that it cannot be asked for. */
export function tryPlanting(
  clean: DataFiles,
  cleanScore: number,
  plantings: readonly Planting[],
  place: Place,
  least: number,
): Trial | null {
  const files = copyOf(clean);
  const random = randomOf(7);
  for (const planting of inOrder(plantings)) planting.plant(files, place.where, random);
  const trueLoss = cleanScore - scoreOf(files);
  const hasPrice = plantings.some(({ price }) => price !== 'none');
  if (hasPrice && trueLoss < least) return null;
  const diagnosis = diagnoseFiles(files);
  const wanted = plantings.map(({ code }) => code);
  const first = diagnosis.causes.slice(0, wanted.length).map(({ code }) => code);
  const all = diagnosis.causes.map(({ code }) => code);
  const isNamed = hasPrice
    ? wanted.every((code) => first.includes(code))
    : wanted.every((code) => all.includes(code));
  const exact = plantings.every(({ price }) => price === undefined);
  const shares = diagnosis.causes.filter(({ code }) => wanted.includes(code)).map(({ share }) => share ?? 0);
  return {
    name: `${plantings.map(({ name }) => name).join(' + ')} (${place.name})`,
    trueLoss,
    isNamed: isNamed && hasEvidence(diagnosis, plantings),
    priceError: exact ? shares.reduce((sum, share) => sum + share, 0) - trueLoss : null,
    diagnosis,
  };
}

/** As tools do them: coordinates are moved and scaled before they are written in a format, names change last. */
const ORDER: readonly Planting['kind'][] = [
  'truth-fields',
  'shift',
  'axes',
  'scale',
  'format',
  'flags',
  'limits',
  'classes',
  'names',
];

const inOrder = (plantings: readonly Planting[]): readonly Planting[] =>
  [...plantings].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));

function hasEvidence({ causes }: Diagnosis, plantings: readonly Planting[]): boolean {
  return plantings.every(({ code, evidence }) =>
    Object.entries(evidence ?? {}).every(([key, value]) =>
      causes.some((cause) => cause.code === code && matches(cause.evidence[key], value)),
    ),
  );
}

const matches = (found: unknown, wanted: unknown): boolean =>
  typeof wanted === 'number' && typeof found === 'number'
    ? Math.abs(found - wanted) < 0.02
    : found === wanted;
