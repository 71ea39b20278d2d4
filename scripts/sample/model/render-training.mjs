// Renders smears to train on, none of which is in the sample:  node render-training.mjs OUT COUNT
import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { createRandom } from '../random.mjs';
import { HEIGHT, renderSmear, WIDTH } from '../render.mjs';

/** Far from the sample's own seeds. */
const SEED = 777_000_001;

const out = path.resolve(process.argv[2]);
const count = Number(process.argv[3]);
fs.mkdirSync(out, { recursive: true });
const images = [];
for (let i = 0; i < count; i++) {
  const { pixels, objects } = renderSmear(createRandom(SEED + i * 7919));
  const name = `train-${String(i + 1).padStart(4, '0')}.jpg`;
  await sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 82, chromaSubsampling: '4:4:4' })
    .toFile(path.join(out, name));
  images.push({ name, objects: objects.map(({ classId, box }) => ({ classId, box })) });
}
fs.writeFileSync(path.join(out, 'objects.json'), JSON.stringify(images));
