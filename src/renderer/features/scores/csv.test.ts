import { expect, it } from 'vitest';
import { csvText } from './csv';

it('writes all digits, and nothing for what is undefined', () => {
  expect(
    csvText([
      ['class', 'AP'],
      ['RBC', 0.1 + 0.2],
      ['none', null],
    ]),
  ).toBe('class,AP\nRBC,0.30000000000000004\nnone,\n');
});

it('quotes what would break a row, and disarms what a spreadsheet would run', () => {
  expect(csvText([['a,b', 'say "x"', '=SUM(A1)', 'two\nlines']])).toBe(
    '"a,b","say ""x""","\'=SUM(A1)","two\nlines"\n',
  );
});
