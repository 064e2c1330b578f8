import { expect, test } from 'vitest';
import { nextDue } from '../../src/schedule/next-due.ts';
import { dueBeforeLast, lastDue, readCron } from '../../src/schedule/last-due.ts';
import { openZone } from '../../src/platform/zone.ts';
import { firstInstant } from '../../src/schedule/first-instant.ts';
import { tries } from '../long.ts';

const BERLIN = 'Europe/Berlin';
const NIGHT = '30 2 * * *';

test.each([
  // [zone, line, now, last due]
  ['UTC', '15 2 * * *', '2026-06-10T02:15:00Z', '2026-06-10T02:15:00Z'],
  ['UTC', '15 2 * * *', '2026-06-10T02:14:59Z', '2026-06-09T02:15:00Z'],
  ['UTC', '0 6 * * 0', '2026-06-10T00:00:00Z', '2026-06-07T06:00:00Z'],
  ['UTC', '0 6 * * sun', '2026-06-07T05:59:59Z', '2026-05-31T06:00:00Z'],
  ['UTC', '*/20 8-17 * * 1-5', '2026-06-08T03:00:00Z', '2026-06-05T17:40:00Z'],
  ['UTC', '* * * * * *', '2026-06-10T02:15:07.900Z', '2026-06-10T02:15:07Z'],
  ['UTC', '10,40 * * * * *', '2026-06-10T02:15:07Z', '2026-06-10T02:14:40Z'],
  ['UTC', '0 0 L * *', '2026-03-15T00:00:00Z', '2026-02-28T00:00:00Z'],
  ['UTC', '0 0 * * 1#2', '2026-06-05T00:00:00Z', '2026-05-11T00:00:00Z'],
  ['UTC', '@monthly', '2026-06-10T00:00:00Z', '2026-06-01T00:00:00Z'],
  // A leap day, near and far; 2100 is no leap year.
  ['UTC', '0 3 29 2 *', '2028-02-29T03:00:00Z', '2028-02-29T03:00:00Z'],
  ['UTC', '0 3 29 2 *', '2028-02-29T02:59:59Z', '2024-02-29T03:00:00Z'],
  ['UTC', '0 3 29 2 *', '2104-02-28T00:00:00Z', '2096-02-29T03:00:00Z'],
  // As the clocks of the zone show it.
  [BERLIN, NIGHT, '2026-06-10T12:00:00Z', '2026-06-10T00:30:00Z'],
  [BERLIN, NIGHT, '2026-01-10T12:00:00Z', '2026-01-10T01:30:00Z'],
  ['Asia/Kolkata', '0 0 * * *', '2026-01-10T18:29:59Z', '2026-01-09T18:30:00Z'],
  ['Pacific/Kiritimati', '0 0 * * *', '2026-01-10T10:00:00Z', '2026-01-10T10:00:00Z'],
  // Spring: 02:00 to 03:00 is skipped at 01:00Z, and what was due in it is due then.
  [BERLIN, NIGHT, '2026-03-29T00:59:59Z', '2026-03-28T01:30:00Z'],
  [BERLIN, NIGHT, '2026-03-29T01:00:00Z', '2026-03-29T01:00:00Z'],
  [BERLIN, NIGHT, '2026-03-29T23:00:00Z', '2026-03-29T01:00:00Z'],
  [BERLIN, NIGHT, '2026-03-30T00:30:00Z', '2026-03-30T00:30:00Z'],
  [BERLIN, '*/10 * * * *', '2026-03-29T01:05:00Z', '2026-03-29T01:00:00Z'],
  // Autumn: 02:00 to 03:00 is shown twice, until 01:00Z for the first time.
  [BERLIN, NIGHT, '2026-10-25T00:29:59Z', '2026-10-24T00:30:00Z'],
  [BERLIN, NIGHT, '2026-10-25T00:30:00Z', '2026-10-25T00:30:00Z'],
  [BERLIN, NIGHT, '2026-10-25T01:05:00Z', '2026-10-25T00:30:00Z'],
  [BERLIN, NIGHT, '2026-10-25T01:30:00Z', '2026-10-25T00:30:00Z'],
  [BERLIN, NIGHT, '2026-10-26T01:29:59Z', '2026-10-25T00:30:00Z'],
  [BERLIN, '0 3 * * *', '2026-10-25T02:00:00Z', '2026-10-25T02:00:00Z'],
  // Half an hour of change, a change at midnight, a day that an island skipped.
  ['Australia/Lord_Howe', '15 2 * * *', '2026-10-03T15:45:00Z', '2026-10-03T15:30:00Z'],
  ['America/Santiago', '30 0 * * *', '2026-09-06T05:00:00Z', '2026-09-06T04:00:00Z'],
  ['Pacific/Apia', '0 12 30 12 *', '2011-12-31T00:00:00Z', '2011-12-30T10:00:00Z'],
])('in %s, %j at %s was last due at %s', (zone, line, now, expected) => {
  const due = lastDue(readCron(line), openZone(zone), Date.parse(now));
  expect(due).not.toBeNull();
  expect(new Date(due ?? 0)).toEqual(new Date(expected));
});

test.each([
  // [zone, line, now, next due]
  ['UTC', '15 2 * * *', '2026-06-10T02:14:59Z', '2026-06-10T02:15:00Z'],
  ['UTC', '15 2 * * *', '2026-06-10T02:15:00Z', '2026-06-11T02:15:00Z'],
  ['UTC', '10,40 * * * * *', '2026-06-10T02:15:41Z', '2026-06-10T02:16:10Z'],
  ['UTC', '0 3 29 2 *', '2096-02-29T03:00:00Z', '2104-02-29T03:00:00Z'],
  [BERLIN, NIGHT, '2026-03-28T12:00:00Z', '2026-03-29T01:00:00Z'],
  [BERLIN, NIGHT, '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
  ['Pacific/Kiritimati', '0 0 * * *', '2026-01-10T10:00:00Z', '2026-01-11T10:00:00Z'],
  ['Pacific/Apia', '0 12 30 12 *', '2011-12-29T22:00:00Z', '2011-12-30T10:00:00Z'],
])('in %s, %j at %s is due next at %s', (zone, line, now, expected) => {
  const due = nextDue(readCron(line), openZone(zone), Date.parse(now));
  expect(new Date(due ?? 0)).toEqual(new Date(expected));
});

/** A year from its first day, or some days from those before the clocks change. */
const begins = (changes: readonly string[]): number[] =>
  ['2026-01-01', ...changes].map((date) => Date.parse(date));

const BERLIN_CHANGES = ['2026-03-28', '2026-10-24'];
const LORD_HOWE_CHANGES = ['2026-04-04', '2026-10-03'];

test.each([
  [BERLIN, BERLIN_CHANGES],
  ['Australia/Lord_Howe', LORD_HOWE_CHANGES],
  ['America/Santiago', ['2026-04-04', '2026-09-05']],
])('in %s what is due next is due, and nothing is before it', (name, changes) => {
  const [zone, line] = [openZone(name), readCron('*/45 0-3 * * *')];
  for (let at of begins(changes)) {
    for (let turn = 0; turn < tries(2_500, 100); turn += 1) {
      const next = nextDue(line, zone, at) ?? Number.NaN;
      expect(next).toBeGreaterThan(at);
      expect(lastDue(line, zone, next)).toBe(next);
      expect(lastDue(line, zone, next - 1) ?? 0).toBeLessThanOrEqual(at);
      at = next;
    }
  }
});

test('a day that has not come in eight years was never due', () => {
  const line = readCron('0 0 29 2 4');
  expect(lastDue(line, openZone('UTC'), Date.UTC(2023, 0, 1))).toBeNull();
  expect(nextDue(line, openZone('UTC'), Date.UTC(2025, 0, 1))).toBeNull();
});

test('the time before the last', () => {
  const weekdays = readCron('0 2 * * 1-5');
  const sunday = Date.UTC(2026, 5, 14);
  expect(dueBeforeLast(weekdays, openZone('UTC'), sunday)).toBe(Date.UTC(2026, 5, 11, 2));
});

test.each([
  [BERLIN, BERLIN_CHANGES],
  ['Australia/Lord_Howe', LORD_HOWE_CHANGES],
  ['Africa/Casablanca', ['2026-02-14', '2026-03-21']],
])(
  'in %s instants never decrease as the time shown grows, and each time is due once',
  (name, changes) => {
    const zone = openZone(name);
    const line = readCron('*/30 * * * *');
    for (const begin of begins(changes)) {
      let former = Number.NEGATIVE_INFINITY;
      for (let turn = 0; turn < tries(17_520, 120); turn += 1) {
        const time = begin + turn * 1_800_000;
        const at = firstInstant(zone, time);
        expect(at).toBeGreaterThanOrEqual(former);
        expect(zone.shows(at)).toBeGreaterThanOrEqual(time);
        expect(zone.shows(at - 1000)).not.toBe(time);
        former = at;
      }
      expect(lastDue(line, zone, former)).toBe(former);
    }
  },
);
