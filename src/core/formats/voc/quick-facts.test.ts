import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../foundation/bad-input';
import { OFFICIAL_CORNERS, conventionFor } from '../conventions/convention';
import { encodeUtf8 } from '../text';
import { decodeXml } from '../xml-text';
import { parseXml } from '../xml-tree';
import type { AnnotationFacts } from './annotation-facts';
import { factsOfTree } from './annotation-facts';
import { quickFacts } from './quick-facts';

const convention = conventionFor('voc');

/** As the general way reads it; null where that refuses it. */
function generalFacts(bytes: Uint8Array, how = convention): AnnotationFacts | null {
  try {
    const root = parseXml(decodeXml(bytes).text, 'a.xml');
    return root.name === 'annotation' ? factsOfTree(root, how) : null;
  } catch (error) {
    if (error instanceof BadInput) return null;
    throw error;
  }
}

/** As labelImg, Roboflow, the official sets and LabelMe write it. */
const LABEL_IMG = `<annotation verified="yes">
\t<folder>images</folder>
\t<filename>a.jpg</filename>
\t<path>C:\\images\\a.jpg</path>
\t<source>\n\t\t<database>Unknown</database>\n\t</source>
\t<size>\n\t\t<width>640</width>\n\t\t<height>480.0</height>\n\t\t<depth>3</depth>\n\t</size>
\t<segmented>0</segmented>
\t<object>
\t\t<name>traffic light</name>\n\t\t<pose>Unspecified</pose>\n\t\t<truncated>0</truncated>
\t\t<difficult>0</difficult>
\t\t<bndbox>\n\t\t\t<xmin>10</xmin>\n\t\t\t<ymin>20.5</ymin>\n\t\t\t<xmax>30.25</xmax>\n\t\t\t<ymax>400</ymax>\n\t\t</bndbox>
\t</object>
</annotation>
`;
const OFFICIAL = `<?xml version='1.0' encoding='utf-8'?>
<annotation><folder/><filename> a.jpg </filename><size><height>480</height><width>640</width></size>
<object><bndbox><ymin>1</ymin><xmin>0.1</xmin><xmax>0.30000000000000004</xmax><ymax>1e2</ymax></bndbox><name>person</name>
<difficult>1</difficult><part><name>head</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></part></object>
<object><name></name><difficult>true</difficult><bndbox><xmin>-5</xmin><ymin/><xmax>12345678901234567890</xmax></bndbox></object>
<filename>b.jpg</filename><size><width>1</width></size></annotation>`;
const WINDOWS = LABEL_IMG.replaceAll('\n', '\r\n').replace('traffic light', 'traffic\r\nlight');
const USUAL = [LABEL_IMG, OFFICIAL, LABEL_IMG.replaceAll('\n', '\r\n')];
const SEEDS = [...USUAL, WINDOWS];

const TOKENS = [
  ...['<', '>', '/', '&', '&amp;', ']]>', ']', '<!-- x -->', '<![CDATA[x]]>', '<?a b?>', '"', '=', ' ', '\t'],
  ...['\n', '\r', '\r\n', '\0', '\x7f', 'é', '\ufeff', '<a>', '</a>', '<a/>', '<object>', '</object>', '</'],
  ...['<object></object>', '<polygon></polygon>', '<imagesize/>', '<bndbox></bndbox>', '<name>x</name>'],
  ...['<deleted>1</deleted>', '<filename>c.jpg</filename>', '<size/>', ' a="b"', ' a="b" a="b"', " a='<'"],
  ...[
    '0',
    '1',
    '.',
    '-',
    'e',
    'NaN',
    '9'.repeat(30),
    '<a>'.repeat(20),
    '<!DOCTYPE a>',
    '<?xml version="1.0"?>',
  ],
];

type Change = (text: string) => string;

/** Anything anywhere: most of it breaks the document. */
const splice: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(2000), fc.nat(12), fc.constantFrom('', ...TOKENS))
  .map(([place, length, token]) => (text) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + token + text.slice(at + length);
  });

/** Elements of text taken away, repeated, exchanged, and of other texts: documents all the same. */
const element: fc.Arbitrary<Change> = fc
  .tuple(
    fc.nat(100),
    fc.constantFrom(
      '',
      '$&$&',
      '$&<$1>7</$1>',
      '<$1/>',
      '<$1> \t$2\n</$1>',
      '<$1 a="b">$2</$1>',
      '<x>$&</x>',
    ),
    fc.constantFrom(
      '',
      '0',
      '1',
      '-3',
      '12.5',
      '1e3',
      '.5',
      'nan',
      'a b',
      'yes',
      '  ',
      '0.1234567890123456789',
    ),
    fc.boolean(),
  )
  .map(([place, form, content, isContent]) => (text) => {
    const leaves = [...text.matchAll(/<(\w+)>([^<]*)<\/\1>/g)];
    const leaf = leaves[place % leaves.length];
    if (!leaf) return text;
    const [whole, name = '', old = ''] = leaf;
    const changed = isContent
      ? `<${name}>${content}</${name}>`
      : form.replaceAll('$&', whole).replaceAll('$1', name).replaceAll('$2', old);
    return text.slice(0, leaf.index) + changed + text.slice(leaf.index + whole.length);
  });

const mutant = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.oneof({ weight: 3, arbitrary: element }, splice), { minLength: 1, maxLength: 4 }),
  )
  .map(([seed, changes]) => changes.reduce((text, change) => change(text), seed));

describe('an annotation straight from its bytes', () => {
  it('says what the general way says of the files that tools write', () => {
    for (const text of USUAL)
      for (const how of [convention, conventionFor('voc', OFFICIAL_CORNERS)]) {
        const bytes = encodeUtf8(text);
        const facts = quickFacts(bytes, how);
        expect(facts).not.toBeNull();
        expect(facts).toStrictEqual(generalFacts(bytes, how));
      }
  });

  it('is left to the general way where something is unusual, and never says anything else', () => {
    let [quick, left] = [0, 0];
    fc.assert(
      fc.property(mutant, (text) => {
        const bytes = encodeUtf8(text);
        const facts = quickFacts(bytes, convention);
        if (facts === null) left++;
        else {
          quick++;
          expect(facts).toStrictEqual(generalFacts(bytes));
        }
      }),
      { numRuns: 4000, seed: 7 },
    );
    expect(quick).toBeGreaterThan(400);
    expect(left).toBeGreaterThan(400);
  });

  it('is not taken where a file is cut off', () => {
    for (let end = 0; end < OFFICIAL.length; end++)
      expect(quickFacts(encodeUtf8(OFFICIAL.slice(0, end)), convention)).toBeNull();
  });
});
