import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sliceCsv } from '../../src/extract/slice/csv.ts';
import { MalformedBody } from '../../src/extract/slice/malformed-body.ts';

function slice(text: string) {
  const { columns, records } = sliceCsv(Buffer.from(text));
  return { columns, records: records.map(({ bytes, fields }) => [bytes.toString(), fields]) };
}

describe('records of CSV', () => {
  test.each([
    ['LF', 'a,b\n1,2\n3,4\n', ['1,2', '3,4']],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n', ['1,2', '3,4']],
    ['no end of the last line', 'a,b\n1,2', ['1,2']],
    ['empty lines', 'a,b\n\n1,2\n\r\n', ['1,2']],
    ['no records', 'a,b\n', []],
    ['a line break in a field', 'a,b\n"1\r\n",2\n', ['"1\r\n",2']],
    ['commas and quotes in a field', 'a,b\n"1,""x""",2\n', ['"1,""x""",2']],
    ['empty fields', 'a,b\n,\n"",2\n', [',', '"",2']],
    ['a quote within a field that is not quoted', 'a,b\n1"x,2\n', ['1"x,2']],
    ['a return that ends no line', 'a,b\n1\rx,2\n', ['1\rx,2']],
  ])('as served: %s', (_what, text, records) => {
    expect(slice(text).records.map(([bytes]) => bytes)).toEqual(records);
  });

  test('fields by the names of their columns, a byte order mark being none of it', () => {
    expect(slice('\uFEFFid,"who, what",\n7,"say ""hi""\n",\n')).toEqual({
      columns: ['id', 'who, what', ''],
      records: [['7,"say ""hi""\n",', { id: '7', 'who, what': 'say "hi"\n', '': '' }]],
    });
  });

  test.each([
    ['nothing', ''],
    ['a quote that is not closed', 'a,b\n1,"2'],
    ['text after a quote', 'a,b\n"1"x,2\n'],
    ['too few fields, as of a line that was cut', 'a,b\n1,2\n3'],
    ['too many fields', 'a,b\n1,2,3\n'],
  ])('malformed: %s', (_what, text) => {
    expect(() => slice(text)).toThrow(MalformedBody);
  });

  test('whatever the fields are, they come back, and the bytes are those of their lines', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r', ' ', '') });
    const rows = fc.array(fc.tuple(field, field, field), { maxLength: 6 });
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), (values, end) => {
        const lines = values.map((row) =>
          row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','),
        );
        const { records } = slice(['x,y,z', ...lines, ''].join(end));
        expect(records).toEqual(values.map(([x, y, z], i) => [lines[i], { x, y, z }]));
      }),
    );
  });
});
