import { expect, it } from 'vitest';
import { readImageLabels } from './read-image-labels';

const truth = {
  images: ['a.jpg', 'b.jpg'].map((fileName, index) => ({
    id: index + 10,
    fileName,
    width: null,
    height: null,
    extra: null,
  })),
  categories: ['Cat', 'Dog'].map((name, index) => ({ id: index + 1, name, extra: null })),
};
const read = (text: string) => readImageLabels(new TextEncoder().encode(text), truth, { file: 'labels' });

it('reads JSON rows by ids', () => {
  const { labels, findings } = read(
    '[{"image_id": 11, "category_id": 2, "confidence": 0}, {"image_id": 10, "category_id": 1, "confidence": 1}]',
  );
  expect([...labels.image]).toEqual([1, 0]);
  expect([...labels.category]).toEqual([1, 0]);
  expect([...labels.confidence]).toEqual([0, 1]);
  expect(findings).toEqual([]);
});

it('reads Open Images’ CSV by names', () => {
  const { labels } = read(
    'ImageID,Source,LabelName,Confidence\nb,verification,Cat,1\na,verification,Dog,0\n',
  );
  expect([...labels.image]).toEqual([1, 0]);
  expect([...labels.category]).toEqual([0, 1]);
  expect([...labels.confidence]).toEqual([1, 0]);
});

it('leaves out what it does not know, and says so', () => {
  const { labels, findings } = read(
    '[{"image_id": 1, "category_id": 2, "confidence": 0}, {"image_id": 10, "category_id": 9, "confidence": 1}, {"image_id": 10, "category_id": 1, "confidence": "x"}]',
  );
  expect(labels.image.length).toBe(0);
  expect(findings.map(({ code }) => code)).toEqual([
    'image-unknown',
    'category-unknown',
    'confidence-invalid',
  ]);
});

it('refuses what is neither', () => {
  expect(() => read('hello')).toThrow(/ImageID/);
  expect(() => read('[1]')).toThrow(/image_id/);
  expect(() => read('[{]')).toThrow(/not valid JSON/);
});
