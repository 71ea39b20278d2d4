/** Where the window stood last, and where it may stand now. */
import { z } from 'zod';

export const SMALLEST_WINDOW = { width: 1024, height: 640 } as const;
const FIRST_WINDOW = { width: 1440, height: 900 } as const;
/** So much of the title bar has to be on a display for the window to be got hold of. */
const GRIP = 64;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const side = z.int().min(-100_000).max(100_000);
export const windowStateSchema = z.object({
  bounds: z.object({ x: side, y: side, width: side.positive(), height: side.positive() }),
  isMaximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

function overlap(a: Rectangle, b: Rectangle): { readonly width: number; readonly height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}

function centred(size: { readonly width: number; readonly height: number }, area: Rectangle): Rectangle {
  const width = Math.min(size.width, area.width);
  const height = Math.min(size.height, area.height);
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  };
}

/**
 * Bounds for the window: the saved ones where they can still be reached on one of the work areas (made no larger than
 * it), else centred on the first. Never smaller than the smallest window, but for a smaller display.
 */
export function boundsOnDisplays(saved: Rectangle | null, workAreas: readonly Rectangle[]): Rectangle {
  const first = workAreas[0] ?? { x: 0, y: 0, ...FIRST_WINDOW };
  if (!saved) return centred(FIRST_WINDOW, first);
  const wanted = {
    width: Math.max(saved.width, SMALLEST_WINDOW.width),
    height: Math.max(saved.height, SMALLEST_WINDOW.height),
  };
  const title = { x: saved.x, y: saved.y, width: wanted.width, height: 1 };
  const area = workAreas.find((candidate) => {
    const shared = overlap(title, candidate);
    return shared.width >= GRIP && shared.height >= 1;
  });
  if (!area) return centred(wanted, first);
  return {
    x: saved.x,
    y: saved.y,
    width: Math.min(wanted.width, area.width),
    height: Math.min(wanted.height, area.height),
  };
}
