/** Options that say what the numbers of boxes mean, where files leave it open; the same for every command that reads. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ConventionChoice, ConventionPart } from '../core/formats/conventions/box-convention';
import { CONVENTION_PARTS, CONVENTION_VALUES } from '../core/formats/conventions/box-convention';
import type { VocCorners } from '../engine/import/load';
import { usage } from './command';

export interface ConventionOptions {
  readonly conventions?: string;
  readonly vocCorners?: VocCorners;
}
export interface PredictionsConventionOptions {
  readonly predictionsConventions?: string;
}

const PARTS = CONVENTION_PARTS.map((part) => `${part}=${CONVENTION_VALUES[part].join('|')}`).join(', ');

export function withConventionOptions(command: Command, of = 'of the ground truth'): Command {
  return command
    .option('--conventions <list>', `what the boxes’ numbers mean, ${of}: ${PARTS}; with commas`)
    .addOption(
      new Option(
        '--voc-corners <rule>',
        'corners of VOC: edges from 0, or pixels from 1, the last included (official)',
      ).choices(['edges', 'official']),
    );
}

export const withPredictionsConventions = (command: Command): Command =>
  command.option('--predictions-conventions <list>', 'the same of the predictions');

/** Throws `BadInput` where the text is no list of parts and their values. */
export function parseConventions(text: string | undefined): ConventionChoice {
  const entries = (text ?? '').split(',').flatMap((item): [ConventionPart, string | number][] => {
    if (item.trim() === '') return [];
    const [name = '', written = ''] = item.split('=').map((piece) => piece.trim());
    const part = CONVENTION_PARTS.find((one) => one === name);
    const value = part && CONVENTION_VALUES[part].find((one) => String(one) === written);
    if (part === undefined || value === undefined)
      throw usage(`“${item.trim()}” says nothing of how boxes are read.`, `Give ${PARTS}.`);
    return [[part, value]];
  });
  return Object.fromEntries(entries);
}

/** As the readers take them. */
export const truthConventions = ({ conventions, vocCorners }: ConventionOptions) => ({
  conventions: parseConventions(conventions),
  vocCorners,
});
