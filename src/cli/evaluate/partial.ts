/** `evaluate --shard K/N --partial FILE`, and reading such files back. */
import { createHash } from 'node:crypto';
import { BadInput } from '../../core/foundation/bad-input';
import type { Finding } from '../../core/foundation/finding';
import type { ScoringInput } from '../../core/metrics/evaluation';
import { decodeColumns, encodeColumns } from '../../core/metrics/partial/column-file';
import type { Share, ShareFacts } from '../../core/metrics/partial/share';
import { COLUMNS, takeShare } from '../../core/metrics/partial/share';
import { writeFileWhole } from '../../engine/export/atomic';
import { readWhole } from '../../engine/import/files';
import type { CommandContext } from '../command';
import { inFolder, usage } from '../command';
import type { Inputs } from './inputs';
import type { ScoringOptions } from './options';

const FORMAT = 1;
const MOST_SHARDS = 100_000;

/** What all parts of one evaluation have in common, and which of them this is. */
export interface PartialHeader {
  readonly partial: typeof FORMAT;
  readonly reticle: string;
  readonly share: { readonly number: number; readonly of: number };
  readonly options: ScoringOptions;
  readonly described: Inputs['described'];
  readonly findings: readonly Finding[];
  readonly records: number;
  /** Of the whole truth, as entries of a map. */
  readonly writtenIds: readonly (readonly [number, string])[];
  /** SHA-256 of the whole truth and of all predictions, as read. */
  readonly truth: string;
  readonly predictions: string;
  readonly facts: ShareFacts;
}

export interface Partial {
  readonly file: string;
  readonly header: PartialHeader;
  readonly share: Share;
}

/** `K/N`, K from 1. Throws on usage errors. */
export function parseShard(text: string): { number: number; of: number } {
  const [number = NaN, of = NaN, ...rest] = text
    .split('/')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : NaN));
  if (rest.length === 0 && number >= 1 && number <= of && of <= MOST_SHARDS) return { number, of };
  throw usage(`--shard has to be K/N with K from 1 to N, not “${text}”.`, 'Write it as 2/8.');
}

export async function writePartial(
  context: CommandContext,
  file: string,
  share: PartialHeader['share'],
  options: ScoringOptions,
  { main, described, findings, writtenIds }: Inputs,
): Promise<Share> {
  const taken = takeShare(main.input, share.number, share.of);
  const header: PartialHeader = {
    partial: FORMAT,
    reticle: context.version,
    share,
    options,
    described,
    findings,
    records: main.records,
    writtenIds: [...writtenIds],
    truth: fingerprintOfTruth(main.input),
    predictions: fingerprintOfPredictions(main.input),
    facts: taken.facts,
  };
  const target = inFolder(context, file);
  const pieces = encodeColumns(header, taken.columns);
  await writeFileWhole(target, [...pieces, checksumOf(pieces)]);
  return taken;
}

/** SHA-256 of all that stands before it: parts travel between machines. */
const CHECKSUM_BYTES = 32;

function checksumOf(pieces: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function fingerprintOfTruth(input: ScoringInput): string {
  const { imageIds, categories, annotations, federation = null, imageLabels = null } = input;
  const { id, image, category, box, area, flags } = annotations;
  const hash = createHash('sha256');
  hash.update(JSON.stringify({ imageIds, categories, federation }));
  for (const column of [id, image, category, box, area, flags]) hash.update(bytesOf(column));
  if (imageLabels)
    for (const column of [imageLabels.image, imageLabels.category, imageLabels.confidence])
      hash.update(bytesOf(column));
  return hash.digest('hex');
}

function fingerprintOfPredictions({ predictions }: ScoringInput): string {
  const { image, category, box, score, fileIndex } = predictions;
  const hash = createHash('sha256');
  for (const column of [image, category, box, score, fileIndex]) hash.update(bytesOf(column));
  return hash.digest('hex');
}

/** Throws `BadInput` where a file is no partial evaluation of this version. */
export async function readPartial(context: CommandContext, file: string): Promise<Partial> {
  const bytes = await readWhole(inFolder(context, file));
  const content = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM_BYTES));
  const { header, columns } = decodeColumns(content, file);
  const { partial, reticle } = header as { readonly partial: unknown; readonly reticle: unknown };
  if (partial !== FORMAT || reticle !== context.version)
    throw new BadInput(
      'partial-of-other-version',
      `${file} was made by version ${String(reticle)}; this is ${context.version}.`,
      'Make all parts and merge them with one version.',
      { file },
    );
  const known = header as PartialHeader;
  const isWhole = Buffer.compare(checksumOf([content]), bytes.subarray(content.length)) === 0;
  const missing = COLUMNS.find((name) => !(name in columns));
  if (!isWhole || missing !== undefined)
    throw new BadInput(
      'partial-invalid',
      isWhole ? `${file} lacks ${missing}.` : `${file} is damaged: its checksum does not fit.`,
      'Make it again with evaluate --shard.',
      { file },
    );
  return { file, header: known, share: { facts: known.facts, columns } };
}

const COMMON = ['truth', 'predictions', 'options'] as const;

/** Throws `BadInput` naming the part that is missing, repeated or of something else. */
export function checkParts(parts: readonly Partial[]): void {
  const [first] = parts;
  const { of } = first!.header.share;
  for (const { file, header } of parts) {
    const unlike = COMMON.find(
      (name) => JSON.stringify(header[name]) !== JSON.stringify(first!.header[name]),
    );
    if (unlike !== undefined)
      throw badParts(
        'partial-unlike',
        `${file} was made with other ${unlike === 'options' ? 'protocols or parameters' : unlike} than ${first!.file}.`,
        file,
      );
    if (header.share.of !== of)
      throw badParts(
        'partial-unlike',
        `${file} is one of ${header.share.of} parts, ${first!.file} one of ${of}.`,
        file,
      );
  }
  const byNumber = new Map<number, string>();
  for (const { file, header } of parts) {
    const { number } = header.share;
    const other = byNumber.get(number);
    if (other !== undefined)
      throw badParts('partial-repeated', `Part ${number}/${of} is there twice: ${other} and ${file}.`, file);
    byNumber.set(number, file);
  }
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter(
    (number) => !byNumber.has(number),
  );
  if (missing.length > 0)
    throw badParts(
      'partial-missing',
      `Of ${of} parts ${missing.length === 1 ? 'one is' : `${missing.length} are`} missing: ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ', …' : ''}.`,
    );
}

const badParts = (code: string, message: string, file?: string): BadInput =>
  new BadInput(code, message, 'Give each part of one evaluation once.', file === undefined ? {} : { file });
