import { describe, expect, it } from 'vitest';
import { memorySource } from './memory-source.fixture';
import { recogniseSource } from './recognise';

const kindOf = async (content: string): Promise<string | undefined> => {
  const [recognised] = await recogniseSource(memorySource({ 'file.json': content }, true));
  return recognised && `${recognised.format.name} ${recognised.kind}`;
};

describe('JSON is recognised by its members', () => {
  it.each([
    ['a truth', '{"\\u0069mages":[],"annotations":[]}', 'coco truth'],
    [
      'a truth after a member that looks like a result',
      '{"x":{"score":2,"image_id":5},"image\\u0073" : [ ]}',
      'coco truth',
    ],
    ['results', '[{"image\\u005Fid":1,"bbox":[1,2,3,4]}]', 'coco-results predictions'],
  ])('also where these are written with escapes: %s', async (_, content, kind) => {
    expect(await kindOf(content)).toBe(kind);
  });

  it('and never by escapes that are no letters', async () => {
    expect(await kindOf('{"text":"\\u0022images\\u0022:["}')).toBeUndefined();
  });
});
