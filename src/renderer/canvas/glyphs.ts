/** The outcomes' silhouettes on a 2D context, in a square of 16 units (the same shapes as in the interface). */
import type { TileOutcome } from '../../contract/view-types';

/** Draws the glyph with its top left corner at (x, y); `ground` is what shows through it. */
export function drawGlyph(
  context: CanvasRenderingContext2D,
  outcome: TileOutcome,
  x: number,
  y: number,
  size: number,
  colour: string,
  ground: string,
): void {
  context.save();
  context.translate(x, y);
  context.scale(size / 16, size / 16);
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  SHAPES[outcome](context, ground);
  context.restore();
}

type Shape = (context: CanvasRenderingContext2D, ground: string) => void;

const SHAPES: Readonly<Record<TileOutcome, Shape>> = {
  'true-positive': (context, ground) => {
    fillCircle(context, 7);
    stroke(context, ground, 1.9, 'M4.6 8.3 7 10.7 11.5 5.6');
  },
  'false-positive': (context, ground) => {
    context.beginPath();
    context.roundRect(1.5, 1.5, 13, 13, 2);
    context.fill();
    stroke(context, ground, 1.9, 'M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6');
  },
  miss: (context) => strokeCircle(context, 5.9, 2.2),
  'wrong-class': (context, ground) => {
    context.fill(new Path2D('M8 .4 15.6 8 8 15.6.4 8z'));
    stroke(context, ground, 1.3, 'M5 6.7h6M5 9.5h6M9.5 4.8l-3 6.4');
  },
  'loose-box': (context) => {
    context.lineWidth = 1.7;
    context.strokeRect(1.2, 1.2, 13.6, 13.6);
    context.fillRect(1.2, 6, 8.8, 8.8);
  },
  duplicate: (context) => {
    context.fill(new Path2D('M1.5 1.5h9v2.4H3.9v6.6H1.5z'));
    context.fillRect(5.6, 5.6, 9, 9);
  },
  ignored: (context) => {
    strokeCircle(context, 6.2, 1.5);
    context.stroke(new Path2D('M3.8 12.2l8.4-8.4'));
  },
};

function fillCircle(context: CanvasRenderingContext2D, radius: number): void {
  context.beginPath();
  context.arc(8, 8, radius, 0, 2 * Math.PI);
  context.fill();
}

function strokeCircle(context: CanvasRenderingContext2D, radius: number, width: number): void {
  context.lineWidth = width;
  context.beginPath();
  context.arc(8, 8, radius, 0, 2 * Math.PI);
  context.stroke();
}

function stroke(context: CanvasRenderingContext2D, colour: string, width: number, path: string): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(new Path2D(path));
}
