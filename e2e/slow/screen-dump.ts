/** Reads the file in which Xvfb keeps its screen (`-fbdir`): an X window dump, version 7, 32 bits a pixel. */

/** Words of the header, each 32 bits with the highest byte first (X11/XWDFile.h). */
const WORD = {
  headerSize: 0,
  width: 4,
  height: 5,
  byteOrder: 7,
  bitsPerPixel: 11,
  bytesPerLine: 12,
  colours: 19,
};
const BYTES_PER_COLOUR = 12;

export interface ScreenPicture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue; row after row. */
  readonly pixels: Buffer;
}

/** Throws where the depth is another: Xvfb has to run with a screen of 24 bits. */
export function readScreenDump(file: Buffer): ScreenPicture {
  const word = (index: number): number => file.readUInt32BE(index * 4);
  if (word(WORD.bitsPerPixel) !== 32) throw new Error(`${word(WORD.bitsPerPixel)} bits a pixel, not 32`);
  const [width, height] = [word(WORD.width), word(WORD.height)];
  const start = word(WORD.headerSize) + word(WORD.colours) * BYTES_PER_COLOUR;
  const isLowestFirst = word(WORD.byteOrder) === 0;
  const [red, green, blue] = isLowestFirst ? [2, 1, 0] : [1, 2, 3];
  const pixels = Buffer.alloc(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const line = start + y * word(WORD.bytesPerLine);
    for (let x = 0; x < width; x++) {
      const at = line + x * 4;
      pixels[to] = file[at + red]!;
      pixels[to + 1] = file[at + green]!;
      pixels[to + 2] = file[at + blue]!;
      to += 3;
    }
  }
  return { width, height, pixels };
}
