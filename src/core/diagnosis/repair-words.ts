/** A repair in a sentence: what was changed on the copy that was scored. */
import type { Repair } from './repair';

const TURNS = {
  'swap-xy': 'x and y are exchanged',
  'flip-x': 'left and right are exchanged',
  'flip-y': 'top and bottom are exchanged',
  'rotate-90': 'coordinates are turned by 90° clockwise',
  'rotate-180': 'coordinates are turned by 180°',
  'rotate-270': 'coordinates are turned by 90° anticlockwise',
  'swap-xy-rotate-180': 'x and y are exchanged and turned by 180°',
} as const;

const grouped = new Intl.NumberFormat('en');

/** Names no image, folder or file. */
export function repairInWords(repair: Repair): string {
  const part = 'group' in repair ? ', in a part of the images' : '';
  const classes = 'classes' in repair ? ', of some classes' : '';
  return `${changeOf(repair)}${classes}${part}.`;
}

function changeOf(repair: Repair): string {
  switch (repair.kind) {
    case 'transform-predictions':
    case 'transform-truth':
      return `In every ${repair.kind === 'transform-truth' ? 'label' : 'prediction'} ${boxChangeOf(repair)}`;
    case 'map-classes': {
      const classes = Object.keys(repair.map).length;
      return `${grouped.format(classes)} ${classes === 1 ? 'class' : 'classes'} of the ${repair.side === 'truth' ? 'ground truth' : 'predictions'} ${classes === 1 ? 'is' : 'are'} given the number that is meant`;
    }
    case 'join-images':
      return `${grouped.format(Object.keys(repair.map).length)} names of images in the predictions are replaced by the ground truth’s`;
    case 'change-scoring':
      if ('suppressAbove' in repair)
        return `Predictions that overlap a surer one of their class by more than ${repair.suppressAbove} (IoU) are left out`;
      return `Scored with other parameters: ${Object.entries(repair.parameters)
        .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
        .join(', ')}`;
    case 'change-labels':
      if ('clearFlag' in repair) return 'The flag is cleared';
      if ('removeEmptyBoxes' in repair) return 'Boxes of no size are left out';
      return `${grouped.format(repair.edits.length)} labels are changed`;
  }
}

function boxChangeOf(repair: Extract<Repair, { kind: 'transform-predictions' | 'transform-truth' }>): string {
  switch (repair.change) {
    case 'turn':
      return TURNS[repair.transform];
    case 'format':
      return `the four numbers are changed from ${repair.from} to ${repair.to}`;
    case 'to-pixels':
      return `parts of ${repair.range} become pixels`;
    case 'undo-resize':
      return repair.fit === 'factor'
        ? `coordinates are divided by ${Number(repair.factor.toPrecision(4))}`
        : `coordinates are brought back from an image of ${repair.width} × ${repair.height} (${repair.fit.replaceAll('-', ' ')})`;
    case 'shift':
      return `${repair.by.map((by) => (by === 0 ? '0' : by < 0 ? `−${-by}` : `+${by}`)).join(', ')} is added to x, y, width and height`;
    case 'orientation':
      return repair.to === 'stored'
        ? 'coordinates of the turned image become the stored one’s'
        : 'coordinates of the stored image become the turned one’s';
  }
}
