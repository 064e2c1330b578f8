import { expect, test } from 'vitest';
import { verdictOf } from '../../src/schedule/verdict.ts';
import { DELIVERED, runOf, VERIFIED } from '../documents/examples.ts';

const ERROR = {
  version: 1,
  outcome: 'failed',
  error: { code: 'usage', message: 'there is no source', hint: 'name one' },
};

const ALTERED = {
  file: 'ledger/2026-03.ndjson',
  line: 3,
  seq: 3,
  what: 'line 3 was altered',
  committed_at: null,
  changed_at: null,
};

test.each([
  ['a run', 0, runOf([]), 'complete'],
  ['a delivery', 0, DELIVERED, 'complete'],
  ['a command that could not begin', 2, ERROR, 'there is no source; name one'],
  [
    'a verification',
    5,
    { ...VERIFIED, outcome: 'failed', exit: 5, faults: [ALTERED] },
    'verify found one fault: ledger/2026-03.ndjson: line 3 was altered',
  ],
  ['one that found nothing', 0, VERIFIED, 'complete'],
  ['no document', 75, null, 'another run holds the lock'],
  ['a kill', 137, null, 'killed by signal 9'],
  ['anything else', 17, null, 'ended with exit code 17'],
])('%s has a verdict', (_, exit, document, verdict) => {
  expect(verdictOf({ exit, document })).toBe(verdict);
});
