/** How an image looks: brightness, contrast, sharpness and colour, of the decoded pixels. */
import sharp from 'sharp';
import type { ImageLook, ImagePrint } from '../../core/diagnosis/situation';
import { MOST_PIXELS } from './probe';

/** Images are measured at most this large, so that sharpness is that of what can be seen, not of the pixel count. */
const SIDE = 512;

/** `image`: a path, or the encoded bytes. Null where it cannot be decoded. */
export async function lookOf(image: string | Buffer): Promise<ImageLook | null> {
  try {
    const { data, info } = await sharp(image, { limitInputPixels: MOST_PIXELS, autoOrient: false })
      .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
      .flatten()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const raw = { raw: { width, height, channels } };
    // Statistics are always of the input, so the prepared pixels have to be one.
    const colours = await sharp(data, raw).stats();
    const grey = await sharp(data, raw).greyscale().raw().toBuffer();
    const light = await sharp(grey, { raw: { width, height, channels: 1 } }).stats();
    const means = colours.channels.map(({ mean }) => mean);
    const [red, green, blue] = [means[0]!, means[1] ?? means[0]!, means[2] ?? means[0]!];
    const sum = Math.max(1, red + green + blue);
    return {
      brightness: light.channels[0]!.mean / 255,
      contrast: light.channels[0]!.stdev / 255,
      sharpness: light.sharpness,
      red: red / sum,
      blue: blue / sum,
    };
  } catch {
    return null;
  }
}

/** A picture's print is 16 × 16; decoded at four times that, so that shrinking while decoding blurs nothing. */
const PRINT_SIDE = 16;
const FINER = 4;

/** `image`: a path, or the encoded bytes. Null where it cannot be decoded. */
export async function printOf(image: string | Buffer): Promise<ImagePrint | null> {
  try {
    const side = PRINT_SIDE * FINER;
    const grey = await sharp(image, { limitInputPixels: MOST_PIXELS, autoOrient: false })
      .resize(side, side, { fit: 'fill' })
      .flatten()
      .greyscale()
      .raw()
      .toBuffer();
    const sums = new Float64Array(PRINT_SIDE ** 2);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        sums[Math.floor(y / FINER) * PRINT_SIDE + Math.floor(x / FINER)]! += grey[y * side + x]!;
    return Uint8Array.from(sums, (sum) => Math.round(sum / FINER ** 2));
  } catch {
    return null;
  }
}
