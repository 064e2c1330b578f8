/** What each detection finds, at every vendor that logs it, and what it does not: one home for all. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findDetections } from '../../src/questions/files.ts';
import { judge, type Judgement } from '../../src/runs/detect/judge.ts';
import { withReadable } from '../../src/load/warehouse/readable-file.ts';
import { QUERY_SETTINGS } from '../../src/load/query/parquet.ts';
import { TestArchive } from '../load/archive.ts';
import { countriesOf } from '../country-file.ts';
import { type Act, GOLDEN, WHO } from './golden.ts';
import { OTHERS, prepareOthers } from './others.ts';
import { happen, type Happened, VENDORS, type Vendor } from './vendor-events.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const DETECTIONS = new Map(findDetections(null).found.map((each) => [each.name, each]));

const TROUBLES = JSON.stringify([
  {
    kind: 'freshness',
    source: 'tabnine',
    stream: 'audit-logs',
    what: 'is 3 days behind',
    hint: 'sync',
  },
  { kind: 'token-refused', source: 'devin', stream: '', what: 'status 401', hint: 'a new token' },
  { kind: 'altered', source: '', stream: 'archive', what: '1 fault: x', hint: 'compare' },
  { kind: 'lost', source: 'github', stream: 'audit-logs', what: '2 days', hint: 'look elsewhere' },
]);

let archive: TestArchive;
const found = new Map<string, Judgement[]>();

const person = (detection: string, who: string): string => `${detection}.${who}@acme.test`;

beforeAll(async () => {
  archive = await TestArchive.open();
  archive.countries = await countriesOf(archive.home, {
    '192.0.2.0/24': 'DE',
    '203.0.113.0/24': 'US',
  });
  for (const vendor of VENDORS) {
    const acts = Object.entries(GOLDEN).flatMap(([detection, { finds, not }]) => [
      ...actsOf(finds[vendor] ?? [], person(detection, vendor)),
      ...(not.vendor === vendor ? actsOf(not.acts, person(detection, 'not')) : []),
    ]);
    await happen(archive, vendor, [...ordinaryDays(), ...acts]);
  }
  await prepareOthers(archive);
  const { path } = await archive.load();
  await withReadable(
    path,
    async ({ connection }) => {
      for (const detection of DETECTIONS.values()) {
        const range = { after: 0, since: NOW - 7 * 86_400_000, isChanged: false };
        const given = { now: NOW, rule: '0'.repeat(64), range, troubles: TROUBLES };
        found.set(detection.name, await judge(connection, detection, given));
      }
    },
    { settings: QUERY_SETTINGS },
  );
});
afterAll(() => rm(archive.home, { recursive: true, force: true }));

function actsOf(acts: Act | Act[], who: string): Happened[] {
  return [acts].flat().map((act) => ({
    at: '2026-11-30T10:30:00Z',
    ...act,
    who: act.who ?? who,
    data: JSON.parse(JSON.stringify(act.data ?? {}).replaceAll(WHO, who)) as Happened['data'] & {},
  }));
}

/** Twenty a day in the hours of work, by two people from the office: what detections compare with. */
function ordinaryDays(): Happened[] {
  return Array.from({ length: 29 * 20 }, (_, n) => {
    const day = String(1 + Math.floor(n / 20)).padStart(2, '0');
    const hour = String(8 + (n % 10)).padStart(2, '0');
    const minute = String((n % 20) * 3).padStart(2, '0');
    const at = `2026-11-${day}T${hour}:${minute}:00Z`;
    const who = n % 2 === 0 ? 'ann@acme.test' : 'bob@acme.test';
    return { action: 'work', at, who, address: '192.0.2.1' };
  });
}

function subjectsOf(detection: string): string[] {
  return (found.get(detection) ?? []).map(({ record }) =>
    String((JSON.parse(record) as { subject: unknown }).subject),
  );
}

test('there is a case for every detection', () => {
  expect([...Object.keys(GOLDEN), ...Object.keys(OTHERS)].toSorted()).toEqual(
    [...DETECTIONS.keys()].toSorted(),
  );
});

test.for(Object.entries(GOLDEN))('%s', ([detection, { finds, fewer }]) => {
  const vendors = Object.keys(finds) as Vendor[];
  if (fewer === undefined) expect(vendors.length).toBeGreaterThanOrEqual(3);
  const subjects = subjectsOf(detection);
  expect(subjects).toEqual(expect.arrayContaining(vendors.map((each) => person(detection, each))));
  expect(subjects).not.toContain(person(detection, 'not'));
});

test.for(Object.entries(OTHERS))('%s', ([detection, { finds, not }]) => {
  const subjects = subjectsOf(detection);
  expect(subjects).toEqual(expect.arrayContaining([...finds]));
  for (const each of not) expect(subjects).not.toContain(each);
});
