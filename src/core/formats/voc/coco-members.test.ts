import { describe, expect, it } from 'vitest';
import { truthOf } from '../coco/coco.fixture';
import { writeCocoTruth } from '../coco/write-truth';
import { truthWithGivenIds } from '../given-ids';
import { RecordReporter } from '../reading';
import { encodeUtf8 } from '../text';
import { withCocoMembers } from './coco-members';
import { readVocAnnotation } from './read-annotation';

const XML = `<annotation verified="yes"><folder>x</folder><filename>a.jpg</filename><source><database>D</database></source>
<size><width>100</width><height>50</height><depth>3</depth></size><segmented>0</segmented>
<object><name>cat</name><pose>Left</pose><truncated>1</truncated><difficult>1</difficult><area>7</area>
<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax></bndbox>
<part><name>head</name></part><part><name>tail</name></part><__proto__>p</__proto__></object></annotation>`;

describe('VOC as COCO', () => {
  it('keeps what is no box as members, and subsets as one of the image', () => {
    const report = new RecordReporter({ file: 'x' });
    const image = readVocAnnotation(encodeUtf8(XML), 'a.xml', report, { keepExtra: true });
    const truth = truthWithGivenIds('voc', [image], null, new Map([['val', ['a.jpg']]]), report);
    const text = [...writeCocoTruth(withCocoMembers(truth))].join('');
    expect(JSON.parse(text)).toEqual({
      images: [
        {
          id: 1,
          file_name: 'a.jpg',
          width: 100,
          height: 50,
          '@verified': 'yes',
          folder: 'x',
          source: { database: 'D' },
          segmented: 0,
          depth: 3,
          subsets: ['val'],
        },
      ],
      annotations: [
        {
          id: 1,
          image_id: 1,
          category_id: 1,
          bbox: [1, 1, 4, 4],
          area: 16,
          iscrowd: 0,
          difficult: 1,
          pose: 'Left',
          truncated: 1,
          voc_area: 7,
          part: [{ voc_name: 'head' }, { voc_name: 'tail' }].map(({ voc_name: name }) => ({ name })),
          ['__proto__']: 'p',
        },
      ],
      categories: [{ id: 1, name: 'cat' }],
    });
    const again = truthOf(text, { keepExtra: true });
    expect(again.findings).toEqual([]);
    expect(again.truth.annotations.box).toEqual(truth.annotations.box);
    expect(again.truth.annotations.flags).toEqual(truth.annotations.flags);
  });
});
