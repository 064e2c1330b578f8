import { describe, expect, test } from 'vitest';
import { wholeSecond } from '../../../src/vendors/tabnine/client.ts';
import { parseBuckets } from '../../../src/vendors/tabnine/usage-answer.ts';
import { DAY } from '../../../src/platform/time.ts';

const FROM = '2026-06-01T00:00:00Z';
const TO = '2026-06-02T00:00:00Z';
const AT = Date.parse(FROM);
const DAILY = { from: FROM, to: TO, activeUsers: 2 };

function parse(body: unknown) {
  return parseBuckets(Buffer.from(JSON.stringify(body))).records;
}

describe('the list of periods', () => {
  test.each([
    ['in `usage.data`', { organizationId: 'o', usage: { granularity: 'daily', data: [DAILY] } }, 1],
    ['in `data`', { granularity: 'daily', data: [DAILY, DAILY] }, 2],
    ['bare', [DAILY, DAILY, DAILY], 3],
    ['empty', { usage: { data: [] } }, 0],
    ['one period by itself', DAILY, 1],
  ])('%s', (_what, body, count) => {
    const buckets = parse(body);
    expect(buckets).toHaveLength(count);
    for (const { bytes, time, isActive } of buckets) {
      expect(JSON.parse(bytes.toString('utf8'))).toEqual(DAILY);
      expect({ time, isActive }).toEqual({ time: AT, isActive: true });
    }
  });

  test.each([
    ['something else', { message: 'no usage' }],
    ['text', 'usage'],
    ['nothing', null],
    ['a list that is none', { usage: { data: {} } }],
  ])('%s is not taken for one', (_what, body) => {
    expect(() => parse(body)).toThrow();
  });

  test('digits stay as they were served', () => {
    const text = '{"usage":{"data":[{"from":"2026-06-01T00:00:00Z","n":12345678901234567890.10}]}}';
    const [bucket] = parseBuckets(Buffer.from(text)).records;
    expect(bucket?.bytes.toString('utf8')).toContain('12345678901234567890.10');
  });
});

describe('a period', () => {
  test.each([
    ['with its bounds', DAILY, AT, AT + DAY, true],
    ['without an end', { from: FROM, n: 1 }, AT, AT + 31 * DAY, true],
    ['whose end is its beginning', { from: FROM, to: FROM, n: 1 }, AT, AT + 31 * DAY, true],
    ['without activity', { from: FROM, to: TO, a: 0, b: { c: [{ d: 0 }] } }, AT, AT + DAY, false],
    ['with activity deep inside', { from: FROM, to: TO, b: { c: [{ d: 1 }] } }, AT, AT + DAY, true],
    ['with nothing', { from: FROM, to: TO, a: null }, AT, AT + DAY, false],
  ])('%s', (_what, bucket, time, end, isActive) => {
    expect(parse([bucket])[0]).toMatchObject({ time, end, isActive });
  });

  test.each([
    ['without a beginning', { n: 1 }],
    ['with one that is no time', { from: 'yesterday', n: 1 }],
  ])('%s', (_what, bucket) => {
    expect(parse([bucket])[0]?.time).toBeNull();
  });
});

test('bounds are asked for in whole seconds', () => {
  expect(wholeSecond(AT + 999)).toBe(FROM);
});
