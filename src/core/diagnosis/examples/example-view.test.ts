import { describe, expect, it } from 'vitest';
import type { ExampleBox, ExampleRectangle } from './example-view';
import { exampleView, viewAbout } from './example-view';

const label = (category: string, ...box: ExampleRectangle): ExampleBox => ({
  isTruth: true,
  box,
  category,
  score: null,
});
const seen = (category: string, score: number, ...box: ExampleRectangle): ExampleBox => ({
  isTruth: false,
  box,
  category,
  score,
});
const SIZE = [640, 480] as const;

describe('What an example shows', () => {
  const cat = label('cat', 100, 100, 40, 40);
  const catSeen = seen('cat', 0.9, 102, 100, 40, 40);

  it('is the surest prediction that nobody labelled', () => {
    const [sure, doubtful] = [seen('dog', 0.8, 400, 300, 30, 30), seen('dog', 0.4, 500, 50, 30, 30)];
    const { words, focus, view, others } = exampleView(
      'labels-missing',
      [cat, doubtful, catSeen, sure],
      SIZE,
    );
    expect(words).toBe('The model sees dog 0.80; there is no label');
    expect(focus).toEqual([sure]);
    expect(others).toEqual([]);
    const [x, y, wide, high] = view;
    expect(x < 400 && y < 300 && x + wide > 430 && y + high > 330).toBe(true);
    expect(wide).toBeLessThan(100);
  });

  it('is the label that the model does not see, the one of another class, the loose one, the repeated one', () => {
    const dog = label('dog', 300, 100, 40, 40);
    expect(exampleView('labels-extra', [cat, catSeen, dog], SIZE).focus).toEqual([dog]);
    const asCow = seen('cow', 0.7, 300, 102, 40, 40);
    expect(exampleView('labels-wrong-class', [cat, catSeen, dog, asCow], SIZE)).toMatchObject({
      words: 'Labelled dog; the model sees cow 0.70',
      focus: [dog, asCow],
    });
    const beside = seen('dog', 0.7, 320, 100, 40, 40);
    expect(exampleView('labels-badly-placed', [cat, catSeen, dog, beside], SIZE).words).toContain('0.33');
    const again = label('cat', 101, 100, 40, 40);
    expect(exampleView('labels-duplicated', [cat, again, dog], SIZE).focus).toHaveLength(2);
    const twice = seen('cat', 0.5, 104, 102, 40, 40);
    expect(exampleView('duplicates-not-suppressed', [cat, catSeen, twice], SIZE).words).toBe(
      'cat 0.50 and 0.90 on one object',
    );
  });

  it('is the whole image where nothing of that kind is seen', () => {
    expect(exampleView('labels-missing', [cat, catSeen], SIZE)).toMatchObject({
      view: [0, 0, 640, 480],
      focus: [cat, catSeen],
    });
    expect(exampleView('axes-swapped', [cat, catSeen], SIZE).view).toEqual([0, 0, 640, 480]);
  });

  it('lies within the image, with whole pixels', () => {
    expect(viewAbout([[0, 0, 10, 10]], SIZE)).toEqual([0, 0, 77, 77]);
    expect(viewAbout([[-5, 470, 1000, 30]], SIZE)).toEqual([0, 0, 640, 480]);
    expect(viewAbout([[630.4, 470.2, 9, 9]], [640, 480])).toEqual([563, 403, 77, 77]);
  });
});
