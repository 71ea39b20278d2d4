/**
 * A header and named columns in one run of bytes: `magic` and a line feed, the header's length (uint32), the header as
 * JSON, then the columns, each at a multiple of 8 bytes. Little-endian.
 */
import { BadInput } from '../../foundation/bad-input';

const CONSTRUCTORS = { Float64Array, Int32Array, Uint32Array, Uint8Array } as const;
type ColumnType = keyof typeof CONSTRUCTORS;
export type Column = Float64Array | Int32Array | Uint32Array | Uint8Array;

interface Layout {
  readonly name: string;
  readonly type: ColumnType;
  readonly length: number;
}

const MAGIC = 'RETICLE-COLUMNS';
const ALIGNMENT = 8;
const aligned = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
const bytesOf = (column: Column): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength);

/** Pieces to write one after the other. */
export function encodeColumns(header: object, columns: Readonly<Record<string, Column>>): Uint8Array[] {
  const layout = Object.entries(columns).map(([name, column]): Layout => ({
    name,
    type: column.constructor.name as ColumnType,
    length: column.length,
  }));
  const magic = new TextEncoder().encode(`${MAGIC}\n`);
  const text = new TextEncoder().encode(JSON.stringify({ header, layout }));
  const start = new Uint8Array(aligned(magic.length + 4 + text.length));
  start.set(magic);
  new DataView(start.buffer).setUint32(magic.length, text.length, true);
  start.set(text, magic.length + 4);
  return [
    start,
    ...Object.values(columns).flatMap((column) => {
      const bytes = bytesOf(column);
      const padding = aligned(bytes.length) - bytes.length;
      return padding === 0 ? [bytes] : [bytes, new Uint8Array(padding)];
    }),
  ];
}

/** Columns are copies. Throws `BadInput` where the bytes are not of this form, or not complete. */
export function decodeColumns(
  bytes: Uint8Array,
  file: string,
): { header: unknown; columns: Readonly<Record<string, Column>> } {
  const fail = (why: string): never => {
    throw new BadInput('partial-invalid', `${file} ${why}.`, 'Make it again with evaluate --shard.', {
      file,
    });
  };
  const magic = new TextEncoder().encode(`${MAGIC}\n`);
  const isOurs = magic.every((byte, at) => bytes[at] === byte) && bytes.length >= magic.length + 4;
  if (!isOurs) return fail('is not a partial evaluation');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textStart = magic.length + 4;
  const textEnd = textStart + view.getUint32(magic.length, true);
  if (textEnd > bytes.length) return fail('is cut short');
  const { header, layout } = parseHeader(new TextDecoder().decode(bytes.subarray(textStart, textEnd)), fail);
  let offset = aligned(textEnd);
  const columns: Record<string, Column> = {};
  for (const { name, type, length } of layout) {
    const Constructor = CONSTRUCTORS[type];
    const size = length * Constructor.BYTES_PER_ELEMENT;
    if (offset + size > bytes.length) return fail('is cut short');
    // Copied, because a view has to begin at a multiple of its element's size.
    columns[name] = new Constructor(Uint8Array.from(bytes.subarray(offset, offset + size)).buffer);
    offset = aligned(offset + size);
  }
  return { header, columns };
}

function parseHeader(text: string, fail: (why: string) => never): { header: unknown; layout: Layout[] } {
  let parsed: { header?: unknown; layout?: unknown };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    return fail('has a damaged header');
  }
  const { header, layout } = parsed;
  if (!Array.isArray(layout) || !layout.every(isLayout)) return fail('has a damaged header');
  return { header, layout };
}

function isLayout(value: unknown): value is Layout {
  const { name, type, length } = value as Partial<Record<keyof Layout, unknown>>;
  return (
    typeof name === 'string' &&
    typeof type === 'string' &&
    Object.hasOwn(CONSTRUCTORS, type) &&
    Number.isSafeInteger(length) &&
    (length as number) >= 0
  );
}
