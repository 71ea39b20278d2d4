/** The failures of a query as CSV, and its images with their boxes drawn on them as PNG. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import Papa from 'papaparse';
import sharp from 'sharp';
import type { OverlayBox, TileOutcome } from '../../contract/view-types';
import type { Progress } from '../../core/foundation/cancellation';
import { harmless } from '../../core/formats/csv/write-csv';
import { safeRelativePath, stemOf } from '../../core/formats/names';
import type { GalleryResult } from '../gallery/query';
import { tilesOf } from '../gallery/tiles';
import { decoderInput } from '../images/image-file';
import { resolveBelow } from '../images/locate';
import { MOST_PIXELS } from '../images/probe';
import type { ProjectSession } from '../project/session';
import { refuseTarget, writeFileWhole, writeFolderWhole } from './atomic';

const WINDOW = 500;

/** One row a failure. Returns how many. */
export async function exportFailures(
  session: ProjectSession,
  result: GalleryResult,
  target: string,
): Promise<number> {
  refuseTarget(target, session.sourceFolders);
  const nameOf = new Map(session.data.categories.map(({ id, name }) => [id, name]));
  const rows: (string | number | null)[][] = [
    [
      'image',
      'outcome',
      'class',
      'truth_class',
      'score',
      'iou',
      'x',
      'y',
      'width',
      'height',
      'annotation',
      'prediction',
      'status',
    ],
  ];
  for (let from = 0; from < result.order.length; from += WINDOW) {
    for (const tile of tilesOf(session, result, from, WINDOW)) {
      if (tile.kind !== 'failure') continue;
      const truthClass = tile.truthCategory === null ? '' : (nameOf.get(tile.truthCategory) ?? '');
      rows.push([
        harmless(tile.imageName),
        tile.outcome,
        harmless(nameOf.get(tile.category) ?? ''),
        harmless(truthClass),
        tile.score,
        tile.iou,
        ...tile.box,
        tile.annotation,
        tile.prediction,
        tile.status,
      ]);
    }
  }
  await writeFileWhole(target, [`${Papa.unparse(rows, { newline: '\n' })}\n`]);
  return rows.length - 1;
}

/** Colours and dashes of outcomes on photographs, as the window draws them (docs/decisions/0003). */
const STYLE: Readonly<Record<TileOutcome, { readonly colour: string; readonly dash: string }>> = {
  'true-positive': { colour: '#3fcf9b', dash: '6 4' },
  'false-positive': { colour: '#e8652b', dash: '6 4' },
  miss: { colour: '#5a8cf0', dash: '6 4' },
  'wrong-class': { colour: '#f0b429', dash: '9 3 2 3' },
  'loose-box': { colour: '#a5f3f7', dash: '12 4' },
  duplicate: { colour: '#d79fd6', dash: '3 3' },
  ignored: { colour: '#808287', dash: '1 4' },
};

function drawBox({ box: [x, y, width, height], isTruth, outcome }: OverlayBox, scale: number): string {
  const { colour, dash } = STYLE[outcome];
  const line = outcome === 'true-positive' ? 1.25 : 2;
  const dashes = isTruth
    ? ''
    : ` stroke-dasharray="${dash
        .split(' ')
        .map((part) => Number(part) * scale)
        .join(' ')}"`;
  const rect = (stroke: string, wide: number): string =>
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${stroke}" stroke-width="${wide * scale}"${dashes}/>`;
  return rect('#0b0c0e', line + 2) + rect(colour, line);
}

/** Images of the query with their boxes, in a new folder. Returns how many; those whose file is missing are left out. */
export async function exportOverlays(
  session: ProjectSession,
  result: GalleryResult,
  target: string,
  progress: Progress,
): Promise<number> {
  const root = session.imageRoot;
  refuseTarget(target, session.sourceFolders);
  const asImages: GalleryResult = {
    ...result,
    query: { ...result.query, kind: 'images' },
    order: Int32Array.from(result.images),
  };
  let written = 0;
  await writeFolderWhole(target, async (folder) => {
    for (const [place, index] of result.images.entries()) {
      progress.check();
      progress.report('Drawing images', place + 1, result.images.length);
      const { location, width, height, fileName } = session.data.images[index]!;
      const file = root === null || location === null ? null : resolveBelow(root, location);
      const [tile] = tilesOf(session, asImages, place, 1);
      if (file === null || tile?.kind !== 'image') continue;
      const scale = Math.max(1, Math.max(width, height) / 1000);
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${tile.boxes.map((box) => drawBox(box, scale)).join('')}</svg>`;
      const out = path.join(folder, `${stemOf(safeRelativePath(fileName).replaceAll('/', '_'))}.png`);
      await mkdir(path.dirname(out), { recursive: true });
      await sharp(await decoderInput(file), { limitInputPixels: MOST_PIXELS })
        .toColourspace('srgb')
        .composite([{ input: Buffer.from(svg) }])
        .png({ compressionLevel: 3 })
        .toFile(out);
      written++;
    }
  });
  return written;
}
