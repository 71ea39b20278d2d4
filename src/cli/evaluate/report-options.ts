/** Options that say what is written beside the document. */
import type { Command } from 'commander';
import type { Protocol } from '../../core/metrics/evaluation';
import { parseIouThresholds } from '../../core/metrics/parameters';
import { usage } from '../command';
import type { ScoringOptions } from './options';
import { chooseProtocols } from './options';
import { parseRequirement } from './requirement';

export interface ReportOptions {
  readonly arrays?: string;
  readonly matches?: string;
}

/** Protocols whose tools have arrays. */
const PROTOCOLS_WITH_ARRAYS: readonly Protocol[] = ['coco', 'tf-coco', 'lvis', 'tide'];

export function withReport(command: Command): Command {
  return command
    .option(
      '--arrays <folder>',
      `write the protocol’s arrays as float64 (${PROTOCOLS_WITH_ARRAYS.join(', ')})`,
    )
    .option('--matches <file>', 'write what became of every box at one IoU');
}

/** The IoU that `--matches` is of, as given with `--iou`. Throws `BadInput` where several are given. */
export function matchesIou(iou: string | undefined): number {
  const [threshold = 0.5, ...more] = iou === undefined ? [] : parseIouThresholds(iou);
  if (more.length > 0) throw usage('--matches is of one IoU.', 'Give one with --iou.');
  return threshold;
}

/** Throws on usage errors, before anything is read. */
export function checkReport(options: ScoringOptions & ReportOptions): void {
  const protocols = chooseProtocols(options);
  (options.require ?? []).forEach(parseRequirement);
  if (options.matches !== undefined && protocols.length !== 1)
    throw usage('--matches goes with one protocol.', 'Name one with --protocol.');
  if (options.matches !== undefined) matchesIou(options.iou);
  if (options.arrays !== undefined && !protocols.some((one) => PROTOCOLS_WITH_ARRAYS.includes(one)))
    throw usage(`--arrays goes with ${PROTOCOLS_WITH_ARRAYS.join(', ')}.`, 'Add one of them to --protocol.');
}
