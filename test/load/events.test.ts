import { beforeEach, expect, test } from 'vitest';
import { differences } from '../../src/load/differences/differences.ts';
import { publishedGeneration } from '../../src/load/warehouse/begin.ts';
import { type Item, type Row, TestArchive, rowsOf } from './archive.ts';

const TIME = '2026-02-01T10:00:00.000Z';
const event = (id: string, more: object = {}): Item => ({
  key: id,
  time: TIME,
  record: { id, timestamp: TIME, eventType: 'user.login', ...more },
});

let archive: TestArchive;
beforeEach(async () => {
  archive = await TestArchive.make();
});

const query = async (sql: string): Promise<Row[]> => rowsOf((await archive.current()).path, sql);

test('the same content never makes a second row, other content is a revision', async () => {
  await archive.add('audit-logs', [event('a'), event('b'), event('a')]);
  await archive.add('audit-logs', [event('a', { v: 2 }), event('b')], {
    at: '2026-03-02T00:00:00Z',
  });
  await archive.add('audit-logs', [event('a', { v: 3 }), event('c')]);
  const published = await archive.load({ singly: true });
  const events = `select event_id, revision, first_seen_at, seq, raw->>'v' as v from audit_events order by 1`;
  const expected = [
    { event_id: 'a', revision: 3, first_seen_at: '2026-03-01T00:00:00.000Z', seq: 3, v: '3' },
    { event_id: 'b', revision: 1, first_seen_at: '2026-03-01T00:00:00.000Z', seq: 1, v: null },
    { event_id: 'c', revision: 1, first_seen_at: '2026-03-01T00:00:00.000Z', seq: 3, v: null },
  ];
  expect(await rowsOf(published.path, events)).toEqual(expected);
  const again = await archive.load({ fresh: true });
  expect(await rowsOf(again.path, events)).toEqual(expected);
  const changed = `select kind, seq, what::json->>'revision' as revision from anomalies order by 2`;
  expect(await rowsOf(again.path, changed)).toEqual([
    { kind: 'changed', seq: 2, revision: '2' },
    { kind: 'changed', seq: 3, revision: '3' },
  ]);
});

test('a content that comes back is a revision, however batches are grouped', async () => {
  for (const v of [1, 2, 1]) await archive.add('audit-logs', [event('a', { v })]);
  const one = await archive.load({ singly: true });
  const sql = 'select revision, seq from audit_events';
  expect(await rowsOf(one.path, sql)).toEqual([{ revision: 3, seq: 3 }]);
  const other = await archive.load({ fresh: true });
  expect(await rowsOf(other.path, sql)).toEqual([{ revision: 3, seq: 3 }]);
});

test('vanished, served again, and what the archive found', async () => {
  await archive.add('audit-logs', [event('a'), event('b')]);
  await archive.add('audit-logs', [
    { absent: 'a', at: '2026-03-02T00:00:00Z' },
    { finding: 'clock', at: '2026-03-02T00:00:00Z', what: 'an hour ahead' },
  ]);
  await archive.add('audit-logs', [event('a')]);
  await archive.add('audit-logs', [event('a')]);
  expect(await query('select kind, seq, source, stream from anomalies order by seq, n')).toEqual([
    { kind: 'vanished', seq: 2, source: 'acme', stream: 'audit-logs' },
    { kind: 'clock', seq: 2, source: 'acme', stream: 'audit-logs' },
    { kind: 'reappeared', seq: 3, source: 'acme', stream: 'audit-logs' },
  ]);
  expect(await query('select count(*) as n from audit_events')).toEqual([{ n: 2 }]);
});

test('hostile and malformed records break nothing', async () => {
  const big = 'x'.repeat(1024 * 1024);
  await archive.add('audit-logs', [
    event('quotes', { eventType: `a'b"c\\` }),
    { key: 'nul', time: TIME, record: String.raw`{"id":"a\u0000b","eventType":"x\u0000y"}` },
    {
      key: 'lone',
      time: TIME,
      record: String.raw`{"id":"\ud800x","e":"\\ud800","p":"\ud83d\ude00"}`,
    },
    { key: 'upper', time: TIME, record: String.raw`{"id":"\uDFFF"}` },
    event('big', { big }),
    event('deep', { metadata: 0, deep: JSON.parse(`${'['.repeat(900)}${']'.repeat(900)}`) }),
    { key: 'int', time: TIME, record: '{"id":"int","metadata":{"n":123456789012345678901}}' },
    { key: 'nan', time: TIME, record: '{"id":"nan","metadata":NaN}' },
    { key: 'shape', time: TIME, record: { id: 7, actor: 'x', resource: [], timestamp: { a: 1 } } },
    { key: 'cut', time: TIME, record: '{"id":"cut"' },
    { key: 'list', time: TIME, record: '[1]' },
    { key: 'text', time: TIME, record: '"text"' },
    { key: 'bytes', time: TIME, record: '{"id":"\ufffd"}', altered: true },
    { key: 'timeless', record: '{"id":"timeless"}' },
    { key: `sha256:${'a'.repeat(64)}#0`, time: TIME, record: '{}' },
  ]);
  expect(await query(`select count(raw->>'id') as n, count(*) as total from audit_events`)).toEqual(
    [{ n: 10, total: 11 }],
  );
  expect(
    await query(
      `select event_uid, raw::varchar as raw from audit_events where raw_altered order by 1`,
    ),
  ).toEqual([
    { event_uid: 'acme:bytes', raw: '{"id":"\ufffd"}' },
    { event_uid: 'acme:lone', raw: String.raw`{"id":"\ufffdx","e":"\\ud800","p":"\ud83d\ude00"}` },
    { event_uid: 'acme:upper', raw: String.raw`{"id":"\ufffd"}` },
  ]);
  expect(await query(`select details from audit_events where event_id = 'int'`)).toEqual([
    { details: '{"n":123456789012345678901}' },
  ]);
  expect(await query(`select event_uid from audit_events where event_id is null`)).toHaveLength(1);
  expect(
    await query(
      `select n, what::json->>'reason' as reason from anomalies where kind = 'unmappable' order by n`,
    ),
  ).toEqual([
    { n: 9, reason: 'not a JSON object' },
    { n: 10, reason: 'no event time' },
    { n: 11, reason: 'not a JSON object' },
    { n: 12, reason: 'not a JSON object' },
    { n: 13, reason: 'not a JSON object' },
    { n: 15, reason: 'no event time' },
  ]);
  const fresh = await archive.begin({ fresh: true });
  await fresh.apply(archive.batches);
  await fresh.seal({ files: [], seq: 1 });
  const published = await publishedGeneration(archive.home);
  expect(await differences(published?.path ?? '', fresh.path)).toEqual([]);
  await fresh.finish();
});
