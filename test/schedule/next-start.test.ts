import { expect, test } from 'vitest';
import { jobNamed } from '../../src/schedule/jobs.ts';
import { readCron } from '../../src/schedule/last-due.ts';
import { type JobRecord, nextStart, startDue } from '../../src/schedule/next-start.ts';
import { openZone } from '../../src/platform/zone.ts';

const ZONE = openZone('Europe/Berlin');
const NIGHTLY = { job: jobNamed('nightly'), line: readCron('15 2 * * *') };
const at = (text: string): number => Date.parse(text);

/** Started in time on 10 June and complete ten minutes later, but for what is said. */
const record = (fields: Partial<JobRecord> = {}): JobRecord => ({
  since: at('2026-06-10T00:15:00Z'),
  unfinished: false,
  repeats: 0,
  exit: 0,
  verdict: null,
  endedAt: at('2026-06-10T00:25:00Z'),
  succeededAt: at('2026-06-10T00:25:00Z'),
  ...fields,
});
const regular = (text: string) => ({ dueAt: at(text), repeat: 0 });
const repeat = (text: string, n: number) => ({ dueAt: at(text), repeat: n });

test.each([
  ['nothing before its time', record(), '2026-06-11T00:14:59Z', null],
  ['its time', record(), '2026-06-11T00:15:00Z', regular('2026-06-11T00:15:00Z')],
  ['nights that were missed, once', record(), '2026-06-14T12:00:00Z', regular('2026-06-14T00:15Z')],
  [
    'the first sync of an empty home',
    record({ since: 0, exit: null, endedAt: null }),
    '2026-06-10T12:00:00Z',
    regular('2026-06-10T00:15:00Z'),
  ],
  [
    'nothing at the first start of a schedule',
    record({ since: at('2026-06-10T12:00:00Z'), exit: null, endedAt: null }),
    '2026-06-10T12:00:00Z',
    null,
  ],
  [
    'nothing when the clock was set back by an hour after a start',
    record(),
    '2026-06-09T23:16:00Z',
    null,
  ],
  ['nothing when it comes to that time again', record(), '2026-06-10T00:15:00Z', null],
  [
    'what a clock that was years ahead would have put off',
    record({ since: at('2031-01-01T00:00:00Z') }),
    '2026-06-10T12:00:00Z',
    regular('2026-06-10T00:15:00Z'),
  ],
  [
    'nothing a second time in the hour that autumn repeats',
    record({ since: at('2026-10-25T00:15:00Z') }),
    '2026-10-25T01:15:00Z',
    null,
  ],
  [
    'what was cut off',
    record({ unfinished: true, exit: 0 }),
    '2026-06-10T01:00:00Z',
    repeat('2026-06-10T01:00:00Z', 1),
  ],
  [
    'nothing cut off too often',
    record({ unfinished: true, repeats: 4 }),
    '2026-06-10T01:00Z',
    null,
  ],
  ['nothing too soon after 3', record({ exit: 3 }), '2026-06-10T00:39:59Z', null],
  ['3 again', record({ exit: 3 }), '2026-06-10T00:40:00Z', repeat('2026-06-10T00:40:00Z', 1)],
  ['75 again', record({ exit: 75 }), '2026-06-10T00:40:00Z', repeat('2026-06-10T00:40:00Z', 1)],
  [
    '3 a fourth time',
    record({ exit: 3, repeats: 3 }),
    '2026-06-10T00:40:00Z',
    repeat('2026-06-10T00:40:00Z', 4),
  ],
  ['not 3 a fifth time', record({ exit: 3, repeats: 4 }), '2026-06-10T12:00:00Z', null],
  [
    'but at its next time',
    record({ exit: 3, repeats: 4 }),
    '2026-06-11T00:15:00Z',
    regular('2026-06-11T00:15:00Z'),
  ],
  ...[0, 1, 2, 4, 5, 137].map(
    (exit) => [`not ${exit} again`, record({ exit }), '2026-06-10T12:00:00Z', null] as const,
  ),
] as const)('is due: %s', (_, known, now, expected) => {
  expect(startDue(NIGHTLY, ZONE, known, at(now))).toEqual(expected);
});

test.each<[string, JobRecord, string, boolean, string]>([
  ['the night to come', record(), '2026-06-10T12:00:00Z', false, '2026-06-11T00:15:00Z'],
  [
    'a repeat before it',
    record({ exit: 3 }),
    '2026-06-10T00:30:00Z',
    false,
    '2026-06-10T00:40:00Z',
  ],
  [
    'a night that waits for its turn',
    record(),
    '2026-06-11T03:00:00Z',
    false,
    '2026-06-11T00:15:00Z',
  ],
  [
    'the night after the one that is being read',
    record({ since: at('2026-06-11T00:15:00Z'), unfinished: true }),
    '2026-06-11T03:00:00Z',
    true,
    '2026-06-12T00:15:00Z',
  ],
  [
    'what was cut off',
    record({ unfinished: true }),
    '2026-06-10T03:00:00Z',
    false,
    '2026-06-10T03:00:00Z',
  ],
])('the next start is %s', (_, noted, now, isRunning, expected) => {
  const next = nextStart(NIGHTLY, ZONE, noted, { now: at(now), isRunning });
  expect(new Date(next ?? 0)).toEqual(new Date(expected));
});
