/** What an interrupted write leaves of a ledger line, and what only somebody else does. */
import { expect, test } from 'vitest';
import { isCutOff, seal, ZERO_HASH } from '../../src/state/seal.ts';
import { signerFor } from '../../src/state/signing.ts';
import { newKey } from '../faults/signed-archive.ts';

const LINE = {
  seq: 7,
  format: 1,
  at: '2026-06-15T12:00:00.000Z',
  covers: null,
  kind: 'prune',
  reason: 'a text with ,"sha256":"' + '0'.repeat(64) + '"} in it',
  seqs: [],
  batches: 0,
  records: 0,
} as const;

test.each([
  ['unsigned', null],
  ['signed', signerFor('a-home', newKey())],
])('%s: every beginning of a line, and nothing after the whole of it', (_what, sign) => {
  const { text } = seal({ ...LINE, seqs: [] }, ZERO_HASH, sign);
  const line = Buffer.from(text);
  for (let length = 1; length <= line.length; length += 1)
    expect({ length, isCutOff: isCutOff(line.subarray(0, length)) }).toEqual({
      length,
      isCutOff: true,
    });
  for (let byte = 0; byte < 256; byte += 1)
    expect({ byte, isCutOff: isCutOff(Buffer.concat([line, Buffer.of(byte)])) }).toEqual({
      byte,
      isCutOff: false,
    });
  expect(isCutOff(Buffer.concat([line, Buffer.from('\0{"seq":8')]))).toBe(false);
});

test('what is no line at all may be what a disk left', () => {
  expect(isCutOff(Buffer.alloc(4096))).toBe(true);
});
