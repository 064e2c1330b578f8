import { expect, test } from 'vitest';
import { gapAlarms, type Reading, readingAlarms } from '../../src/evidence/alarms.ts';
import { span } from '../../src/platform/time.ts';
import type { CoveredDays } from '../../src/evidence/coverage.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 5, 20, 12);

const LOG: Reading = {
  source: 'acme',
  stream: 'audit-logs',
  kind: 'log',
  isRequired: true,
  isFrozen: false,
  isAwaiting: false,
  watermark: NOW,
  readTo: NOW,
  retention: null,
  vendorKeeps: null,
};

const kept = (days: number): Reading['retention'] => ({
  oldestServed: NOW - days * DAY,
  measuredAt: NOW,
  keptFor: days * DAY,
});

const READINGS: [what: string, reading: Partial<Reading>, kinds: string[]][] = [
  ['just in time', { watermark: NOW - 48 * HOUR }, []],
  ['too late', { watermark: NOW - 48 * HOUR - 1 }, ['freshness']],
  ['never read', { watermark: null, readTo: null }, ['freshness']],
  ['not required', { watermark: null, readTo: null, isRequired: false }, []],
  ['frozen', { kind: 'series', readTo: NOW - 99 * DAY, isFrozen: true }, []],
  ['the month that it is', { kind: 'series', watermark: NOW - 19 * DAY }, []],
  ['figures not read', { kind: 'series', readTo: NOW - 3 * DAY }, ['freshness']],
  ['a directory not read', { kind: 'snapshot', readTo: NOW - 3 * DAY }, ['freshness']],
  ['a directory read', { kind: 'snapshot', watermark: null }, []],
  ['awaited for a few days', { kind: 'series', isAwaiting: true, watermark: NOW - 5 * DAY }, []],
  ['awaited for long', { kind: 'series', isAwaiting: true, watermark: NOW - 6 * DAY }, ['awaited']],
  ['nothing purged', { retention: { oldestServed: 0, measuredAt: NOW, keptFor: null } }, []],
  ['a quarter left', { watermark: NOW - 30 * DAY, retention: kept(40), isRequired: false }, []],
  [
    'less than a quarter',
    { watermark: NOW - 30 * DAY - 1, retention: kept(40), isRequired: false },
    ['retention'],
  ],
  [
    'a vendor that says a week, of which two days are left',
    { watermark: NOW - 5 * DAY, vendorKeeps: 7 * DAY, isRequired: false },
    [],
  ],
  [
    'a vendor that says a week, of which a day is left',
    { watermark: NOW - 6 * DAY, vendorKeeps: 7 * DAY, isRequired: false },
    ['retention'],
  ],
  [
    'a vendor that keeps more than it says',
    { watermark: NOW - 8 * DAY, vendorKeeps: 7 * DAY, retention: kept(40), isRequired: false },
    [],
  ],
  ['a day left of two', { watermark: NOW - DAY, retention: kept(2) }, []],
  ['less than a day of two', { watermark: NOW - DAY - 1, retention: kept(2) }, ['retention']],
  ['nothing left', { watermark: NOW - 9 * DAY, retention: kept(5) }, ['freshness', 'retention']],
];

test.each(READINGS)('%s', (_, reading, kinds) => {
  const alarms = readingAlarms([{ ...LOG, ...reading }], { now: NOW, freshness: 48 * HOUR });
  expect(alarms.map(({ kind }) => kind)).toEqual(kinds);
  expect(alarms.every(({ exit }) => exit === 4)).toBe(true);
});

const range = (from: string, to: string, reason: string): CoveredDays => ({
  source: 'acme',
  stream: 'audit-logs',
  from,
  to,
  days: (Date.parse(to) - Date.parse(from)) / DAY + 1,
  state: reason === 'read' ? 'provisional' : 'gap',
  reason,
  note: null,
});

test('gaps of a stream for one reason are one alarm, with the exit code of the reason', () => {
  const days = [
    range('2026-06-01', '2026-06-02', 'lost to retention'),
    range('2026-06-03', '2026-06-03', 'read'),
    range('2026-06-04', '2026-06-04', 'lost to retention'),
    range('2026-06-05', '2026-06-05', 'missing at check'),
    range('2026-06-06', '2026-06-09', 'not read yet'),
  ];
  expect(gapAlarms(days).map(({ kind, exit, what }) => [kind, exit, what])).toEqual([
    ['lost', 5, '3 days (2026-06-01 to 2026-06-02, 2026-06-04) lost to retention'],
    ['missing', 5, '1 day (2026-06-05) missing at check'],
    ['unread', 3, '4 days (2026-06-06 to 2026-06-09) not read yet'],
  ]);
});

test('lengths of time are rounded down', () => {
  expect([0, HOUR, 72 * HOUR - 1, 72 * HOUR].map(span)).toEqual([
    '0 hours',
    '1 hour',
    '71 hours',
    '3 days',
  ]);
});
