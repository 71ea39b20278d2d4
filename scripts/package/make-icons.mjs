// resources/icons/*.png from reticle.svg:  node_modules/.bin/node scripts/package/make-icons.mjs
import path from 'node:path';
import sharp from 'sharp';
import { ICONS, ICON_SIZES } from './icons.mjs';

for (const size of ICON_SIZES) {
  const file = path.join(ICONS, `reticle-${size}.png`);
  const picture = sharp(path.join(ICONS, 'reticle.svg'), { density: (72 * size) / 512 });
  await picture.resize(size, size).png({ compressionLevel: 9 }).toFile(file);
}
