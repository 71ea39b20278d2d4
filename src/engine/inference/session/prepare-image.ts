/** One image file to the numbers that the network gets. Runs in the decoding threads. */
import sharp from 'sharp';
import { changePicture } from '../../../core/inference/change/picture-change';
import type { PictureChange } from '../../../core/inference/change/picture-change';
import type { TensorData } from '../../../core/inference/input-tensor';
import { inputMemory, writeInput } from '../../../core/inference/input-tensor';
import type { InputPlan, Placement } from '../../../core/inference/model';
import { placeImage } from '../../../core/inference/placement';
import type { ImageFile } from '../../images/image-file';
import { decoderInput } from '../../images/image-file';
import { MOST_PIXELS } from '../../images/probe';
import { freeMemory } from './free-memory';

sharp.concurrency(1); // several images at once use the cores better than several threads an image
sharp.cache(false); // every image is read once

export interface PreparedImage {
  /** Of the decoded image; `placement` has the changed one's size. */
  readonly width: number;
  readonly height: number;
  readonly placement: Placement;
  readonly data: TensorData;
}

/**
 * 8-bit RGB as training tools read it: stored orientation, embedded colour profiles ignored, alpha dropped. Throws what
 * sharp throws where the file is no image or ends early, and as `readImage`.
 */
export async function decodeRgb(
  file: ImageFile,
): Promise<{ data: Uint8Array; width: number; height: number }> {
  const { data, info } = await sharp(await decoderInput(file), {
    limitInputPixels: MOST_PIXELS,
    failOn: 'error',
    autoOrient: false,
    ignoreIcc: true,
  })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

export async function prepareImage(
  file: ImageFile,
  input: InputPlan,
  picture: PictureChange | null,
): Promise<PreparedImage> {
  const decoded = await decodeRgb(file);
  const image = picture ? changePicture(decoded, picture) : decoded;
  const placement = placeImage(input, image.width, image.height);
  const data = inputMemory(input.dtype, placement.inputWidth * placement.inputHeight * 3);
  writeInput(input, placement, image, data);
  freeMemory(decoded.data);
  return { width: decoded.width, height: decoded.height, placement, data };
}
