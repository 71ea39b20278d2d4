import { describe, expect, it } from 'vitest';
import { boundsOnDisplays, windowStateSchema } from './window-bounds';

const display = { x: 0, y: 0, width: 1920, height: 1040 };
const second = { x: 1920, y: 0, width: 2560, height: 1400 };

describe('bounds of the window', () => {
  it('are centred the first time', () => {
    expect(boundsOnDisplays(null, [display])).toEqual({ x: 240, y: 70, width: 1440, height: 900 });
  });

  it('are the saved ones where they can be reached', () => {
    const saved = { x: 2000, y: 50, width: 1500, height: 1000 };
    expect(boundsOnDisplays(saved, [display, second])).toEqual(saved);
  });

  it('come back when the display is gone', () => {
    const saved = { x: 2000, y: 50, width: 1500, height: 1000 };
    expect(boundsOnDisplays(saved, [display])).toEqual({ x: 210, y: 20, width: 1500, height: 1000 });
  });

  it('come back when only a sliver or no title bar is on a display', () => {
    expect(boundsOnDisplays({ x: 1900, y: 0, width: 1200, height: 800 }, [display]).x).toBe(360);
    expect(boundsOnDisplays({ x: 0, y: -700, width: 1200, height: 800 }, [display]).y).toBe(120);
  });

  it('fit the display and are never too small to use', () => {
    expect(boundsOnDisplays({ x: 0, y: 0, width: 9000, height: 9000 }, [display])).toEqual(display);
    expect(boundsOnDisplays({ x: 0, y: 0, width: 10, height: 10 }, [display])).toEqual({
      x: 0,
      y: 0,
      width: 1024,
      height: 640,
    });
    const small = { x: 0, y: 0, width: 800, height: 600 };
    expect(boundsOnDisplays(null, [small])).toEqual(small);
    expect(boundsOnDisplays(null, [])).toEqual({ x: 0, y: 0, width: 1440, height: 900 });
  });

  it('are checked when read back', () => {
    const bounds = { x: 0, y: 0, width: 1, height: 1 };
    expect(windowStateSchema.safeParse({ bounds, isMaximized: false }).success).toBe(true);
    expect(windowStateSchema.safeParse({ bounds: { ...bounds, width: 0 }, isMaximized: false }).success).toBe(
      false,
    );
    expect(windowStateSchema.safeParse({ bounds: { ...bounds, x: 1e9 }, isMaximized: false }).success).toBe(
      false,
    );
  });
});
