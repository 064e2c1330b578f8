import { expect, test } from 'vitest';
import { jobNamed } from '../../src/schedule/jobs.ts';
import type { RunDocument, StreamDocument } from '../../src/documents/run.ts';
import { argumentsOf, isDone } from '../../src/schedule/run-rules.ts';
import { DELIVERED, runOf, STREAM, VERIFIED } from '../documents/examples.ts';

const SYNC = ['sync'];
const DELIVER = ['deliver'];

const record = (exit: number | null, endedAt: number | null, succeededAt: number | null) => ({
  since: 0,
  unfinished: false,
  repeats: 0,
  exit,
  verdict: null,
  endedAt,
  succeededAt,
});

test.each([
  ['the first time ever', 0, record(null, null, null), SYNC],
  ['at its regular time, though a receiver lacked something', 0, record(3, 9, 9), SYNC],
  ['again, where only a receiver lacked something', 1, record(3, 9, 9), DELIVER],
  ['again, where something was not read', 1, record(3, 9, 5), SYNC],
  ['again, where nothing was ever read', 1, record(3, 9, null), SYNC],
  ['again, where the home was locked', 1, record(75, 9, 5), SYNC],
  ['again, where it was cut off', 1, record(143, 9, 5), SYNC],
])('nightly %s', (_what, repeats, last, argv) => {
  expect(argumentsOf(jobNamed('nightly'), { ...last, repeats })).toEqual(argv);
});

test('a comparison is repeated as it is', () => {
  const last = { ...record(3, 9, 9), repeats: 1 };
  expect(argumentsOf(jobNamed('reconcile'), last)).toEqual([
    'verify',
    '--since-last',
    '--against-source',
  ]);
});

const runThatEnded = (outcome: StreamDocument['outcome']): RunDocument =>
  runOf([{ ...STREAM, outcome }]);
const READ = runThatEnded('complete');

test.each([
  ['complete', 'nightly', 0, null, true],
  ['all read, though a receiver is down', 'nightly', 3, READ, true],
  ['all read that can be', 'nightly', 3, runThatEnded('unavailable'), true],
  ['a stream is not read', 'nightly', 3, runThatEnded('incomplete'), false],
  ['only delivered, after all was read', 'nightly', 3, DELIVERED, true],
  ['no document', 'nightly', 3, null, false],
  ['only delivered, which is what it is for', 'deliver', 3, DELIVERED, false],
  ['faults were found', 'verify', 5, VERIFIED, false],
])('done: %s', (_what, name, exit, document, expected) => {
  expect(isDone(jobNamed(name), { exit, document })).toBe(expected);
});
