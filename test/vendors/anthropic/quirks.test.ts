/** What is not documented, or has been seen otherwise: coped with, and said. */
import { expect, test } from 'vitest';
import { type Opened, read } from './opened.ts';

const codes = ({ reader }: Opened): string[] => reader.observed().quirks.map(({ code }) => code);

test('a dimension that the vendor does not know is left out, and so is a number of days', async () => {
  const opened = await read.open();
  opened.vendor.quirks.unknownGroups = ['service_account_id'];
  const { records } = await read.stream(opened, 'usage-messages');
  expect(records).toHaveLength(3);
  expect(codes(opened)).toEqual(['groups-refused']);
  const other = await read.open();
  other.vendor.quirks.dayLimit = 5;
  expect((await read.stream(other, 'costs')).records).toHaveLength(3);
  expect(codes(other)).toEqual(['limit-refused']);
});

test('the last day is there, whether the end is part of the answer or not', async () => {
  const opened = await read.open();
  const one = await read.stream(opened, 'costs');
  opened.vendor.quirks.endInclusive = false;
  const again = await read.stream(await read.reopen(opened), 'costs');
  expect(again.keys).toEqual(one.keys);
});

test('rows that nothing tells apart stay two', async () => {
  const opened = await read.open();
  const before = await read.stream(opened, 'claude-code');
  opened.vendor.quirks.alikeRows = true;
  const after = await read.stream(await read.reopen(opened), 'claude-code');
  expect(new Set(after.keys).size).toBeGreaterThan(new Set(before.keys).size);
  expect(after.quirks).toEqual(['rows-alike']);
});

test('empty pages are no end, and a token that expired begins the range again', async () => {
  const opened = await read.open();
  opened.vendor.quirks.emptyPages = true;
  expect((await read.stream(opened, 'groups')).records).toHaveLength(2);
  opened.vendor.quirks.dayLimit = 2;
  opened.vendor.quirks.expiringTokens = 1;
  const { keys } = await read.stream(await read.reopen(opened), 'enterprise-usage');
  expect([...new Set(keys.map((key) => key.split('/')[0]))]).toEqual(['groups', 'total']);
});

test('a group without its roles ends the stream; nothing is handed over', async () => {
  const opened = await read.open();
  opened.vendor.quirks.rolesUnknown = true;
  await expect(read.stream(opened, 'groups')).rejects.toMatchObject({ code: 'roles-unknown' });
});

test('analytics that has counted nothing is no empty day', async () => {
  const opened = await read.open();
  opened.vendor.quirks.notCounted = true;
  await expect(read.stream(opened, 'enterprise-costs')).rejects.toMatchObject({
    code: 'not-counted-yet',
  });
});

test('a day that is not ready is asked for again by the next run', async () => {
  const opened = await read.open();
  opened.vendor.quirks.daysBehind = 1;
  const reading = await read.stream(opened, 'enterprise-activity');
  expect(reading.parts).toEqual(['2026-06-13']);
  expect(reading.quirks).toEqual(['day-not-ready']);
});

test('a feed that is not recorded is said', async () => {
  const opened = await read.open();
  opened.vendor.quirks.recording = 'disabled';
  expect((await read.stream(opened, 'recording')).quirks).toEqual(['recording-off']);
});

test('a key that may ask for nothing is of the account that the home remembers', async () => {
  const opened = await read.open();
  expect((await opened.reader.identify(null)).organizationId).toBe(opened.vendor.organizationId);
  opened.vendor.quirks.key = 'activities';
  expect((await opened.reader.identify(null)).organizationId).toBe('unknown');
  expect((await opened.reader.identify('o-1')).organizationId).toBe('o-1');
  opened.vendor.quirks.key = 'every';
  expect((await opened.reader.identify('unknown')).organizationId).toBe('unknown');
});

test.each([
  ['audit', 'costs', { fault: 'absent', hint: expect.stringContaining('the other product') }],
  ['audit', 'enterprise-costs', { fault: 'forbidden' }],
  ['admin', 'groups', { fault: 'absent' }],
  ['admin-without-compliance', 'audit-logs', { fault: 'forbidden' }],
  ['analytics', 'users', { fault: 'forbidden' }],
  ['model', 'audit-logs', { fault: 'forbidden' }],
] as const)('a key of the kind %s does not open %s', async (key, stream, error) => {
  const opened = await read.open();
  opened.vendor.quirks.key = key;
  await expect(read.stream(opened, stream)).rejects.toMatchObject(error);
});
