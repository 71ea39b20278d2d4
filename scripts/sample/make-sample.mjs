// Makes the sample project's data:  node scripts/sample/make-sample.mjs [OUT]
// 120 rendered smears, exact ground truth with planted label errors, predictions of a classical detector over the
// encoded images. The same seed gives the same truth, and the same predictions with the same image library.
import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { detectCells } from './detect.mjs';
import { plantLabelErrors } from './plant.mjs';
import { createRandom } from './random.mjs';
import { CLASSES, HEIGHT, renderSmear, WIDTH } from './render.mjs';

const SEED = 20261124;
const IMAGES = 120;
const ERROR_SHARE = 0.04;

const out = path.resolve(
  process.argv[2] ?? path.join(import.meta.dirname, '..', '..', 'resources', 'sample'),
);
fs.rmSync(path.join(out, 'images'), { recursive: true, force: true });
fs.mkdirSync(path.join(out, 'images'), { recursive: true });
const writeJson = (name, value) => fs.writeFileSync(path.join(out, name), `${JSON.stringify(value)}\n`);

const images = [];
const exact = [];
const predictions = [];
for (let i = 0; i < IMAGES; i++) {
  // One generator an image: changing one image leaves the others as they are.
  const { pixels, objects } = renderSmear(createRandom(SEED + i * 7919));
  const name = `smear-${String(i + 1).padStart(3, '0')}.jpg`;
  const file = await sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 82, chromaSubsampling: '4:4:4' })
    .toBuffer();
  fs.writeFileSync(path.join(out, 'images', name), file);
  images.push({ id: i + 1, file_name: name, width: WIDTH, height: HEIGHT });
  for (const object of objects) exact.push({ image: i + 1, ...object });
  // The detector sees what a user's detector would see: the decoded file.
  const decoded = await sharp(file).raw().toBuffer();
  for (const { classId, score, box } of detectCells(decoded)) {
    predictions.push({ image_id: i + 1, category_id: classId, bbox: box, score });
  }
  if ((i + 1) % 20 === 0) console.error(`${i + 1} of ${IMAGES} images`);
}

const { objects, planted } = plantLabelErrors(exact, ERROR_SHARE, createRandom(SEED - 1));
const annotation = (object, index) => ({
  id: index + 1,
  image_id: object.image,
  category_id: object.classId,
  bbox: object.box,
  area: object.box[2] * object.box[3],
  iscrowd: 0,
});
const info = {
  description: 'Rendered blood smears, made by scripts/sample',
  version: '1',
  license: 'CC0-1.0',
};
writeJson('truth.json', { info, images, annotations: objects.map(annotation), categories: CLASSES });
writeJson('truth-exact.json', { info, images, annotations: exact.map(annotation), categories: CLASSES });
writeJson('predictions.json', predictions);
writeJson('planted.json', {
  seed: SEED,
  errors: planted.map((error, index) => {
    const at = objects.findIndex((object) => object.planted === index);
    return {
      error: error.kind,
      image: images[error.image - 1].file_name,
      annotation: at < 0 ? null : at + 1,
      was: error.was && { category_id: error.was.classId, bbox: error.was.box },
    };
  }),
});
console.error(
  `${objects.length} annotations, ${planted.length} of them planted errors; ${predictions.length} predictions; in ${path.basename(out)}/`,
);
