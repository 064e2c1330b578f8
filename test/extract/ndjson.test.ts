import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_RECORD_BYTES } from '../../src/extract/limits.ts';
import { MalformedBody } from '../../src/extract/slice/malformed-body.ts';
import { ndjsonRecords } from '../../src/extract/slice/ndjson.ts';

async function slice(chunks: Iterable<Buffer>): Promise<string[]> {
  const records: string[] = [];
  for await (const record of ndjsonRecords(chunks)) records.push(record.toString('utf8'));
  return records;
}

describe('records of NDJSON', () => {
  test.each([
    ['LF', '{"a":1}\n{"b": 2}\n', ['{"a":1}', '{"b": 2}']],
    ['CRLF', '{"a":1}\r\n{"b": 2}\r\n', ['{"a":1}', '{"b": 2}']],
    ['no end of the last line', '{"a":1}\n{"b": 2}', ['{"a":1}', '{"b": 2}']],
    ['empty lines and a byte order mark', '\uFEFF\n{"a":1}\n \n\n', ['{"a":1}']],
    ['integers digit for digit', '{"a":12345678901234567890}\n', ['{"a":12345678901234567890}']],
    ['nothing', '', []],
  ])('as served: %s', async (_what, text, records) => {
    expect(await slice([Buffer.from(text)])).toEqual(records);
  });

  test('in whatever pieces they come', async () => {
    const value = fc.jsonValue({ maxDepth: 2 }).filter((json) => typeof json === 'object');
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 5 }),
        fc.infiniteStream(fc.nat(9)),
        async (values, cuts) => {
          const lines = values.map((json) => JSON.stringify(json));
          const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const chunks: Buffer[] = [];
          for (let at = 0; at < body.length;) {
            const size: number = cuts.next().value ?? 1;
            chunks.push(body.subarray(at, at + size));
            at += size;
          }
          expect(await slice(chunks)).toEqual(lines);
        },
      ),
    );
  });

  test('a body that is cut in a line is malformed, after what came whole', async () => {
    const records: string[] = [];
    const cut = async (): Promise<void> => {
      for await (const record of ndjsonRecords([Buffer.from('{"a":1}\n{"b":')])) {
        records.push(record.toString());
      }
    };
    await expect(cut()).rejects.toThrow(MalformedBody);
    expect(records).toEqual(['{"a":1}']);
  });

  test('a line without end is not held for ever', async () => {
    let given = 0;
    function* endless(): Generator<Buffer> {
      for (;;) {
        given += 1;
        yield Buffer.alloc(1024 * 1024, 'x');
      }
    }
    await expect(slice(endless())).rejects.toThrow(MalformedBody);
    expect(given).toBeLessThanOrEqual(MAX_RECORD_BYTES / 1024 / 1024 + 1);
  });
});
