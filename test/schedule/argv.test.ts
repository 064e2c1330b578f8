import { expect, test } from 'vitest';
import { argvOf } from '../../src/commands/run-scheduled.ts';

const SYNC = ['sync'];
const DELIVER = ['deliver'];

const record = (exit: number | null, endedAt: number | null, succeededAt: number | null) => ({
  since: 0,
  unfinished: false,
  repeats: 0,
  exit,
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
])('nightly %s', (_what, repeat, last, argv) => {
  expect(argvOf('nightly', repeat, last)).toEqual(argv);
});

test('a comparison is repeated as it is', () => {
  expect(argvOf('reconcile', 1, record(3, 9, 9))).toEqual(['verify', '--against-source']);
});
