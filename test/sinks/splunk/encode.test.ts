import { describe, expect, test } from 'vitest';
import { deliverableTable } from '../../../src/load/tables.ts';
import type { Row } from '../../../src/sinks/port.ts';
import { BATCH_BYTES, eventMaker, inBatches } from '../../../src/sinks/splunk/encode.ts';

const AUDIT_EVENTS = deliverableTable('audit_events');
const LABELS = { sourcetype: 'auditlake:event' };

function rowOf(more: Partial<Row> = {}): Row {
  const position = { seq: 7, n: 3 };
  return { position, uid: 'tabnine:1', revision: 2, time: 1_767_225_600_000, json: '{}', ...more };
}

describe('an event', () => {
  test('has the row with labels, time and fields that can be searched without reading it', () => {
    const labels = { index: 'ai_audit', sourcetype: 'acme:audit', source: 'siem', host: 'h1' };
    const { text } = eventMaker(AUDIT_EVENTS, labels)(rowOf({ json: '{"a":1}' }));
    expect(JSON.parse(text)).toEqual({
      time: 1_767_225_600,
      index: 'ai_audit',
      sourcetype: 'acme:audit',
      source: 'siem',
      host: 'h1',
      fields: { event_uid: 'tabnine:1', revision: '2', seq: '7' },
      event: { a: 1 },
    });
  });

  test('has the row digit for digit', () => {
    const json = '{"id":12345678901234567890,"share":1.10,"name":"a\\u00e9}{"}';
    const { text } = eventMaker(AUDIT_EVENTS, LABELS)(rowOf({ json }));
    expect(text.endsWith(`,"event":${json}}`)).toBe(true);
  });

  test.each([
    [0, '"time":0.000,'],
    [1_767_225_600_007, '"time":1767225600.007,'],
    [-1, '"time":-0.001,'],
    [253_402_300_799_999, '"time":253402300799.999,'],
    [null, '{"sourcetype"'],
  ])('of %s begins with %s', (time, beginning) => {
    const { text } = eventMaker(AUDIT_EVENTS, LABELS)(rowOf({ time }));
    expect(text.replace(/^\{(?="time)/, '').startsWith(beginning)).toBe(true);
  });

  test.each([
    ['audit_events', 'auditlake:event', 'event_uid'],
    ['usage_metrics', 'auditlake:usage_metrics', 'row_uid'],
    ['entity_history', 'auditlake:entity_history', 'row_uid'],
    ['work_sessions', 'auditlake:work_sessions', 'row_uid'],
  ] as const)('of %s has the sourcetype %s and the field %s', (table, sourcetype, uid) => {
    const event: unknown = JSON.parse(eventMaker(deliverableTable(table), LABELS)(rowOf()).text);
    expect(event).toMatchObject({ sourcetype, fields: { [uid]: 'tabnine:1' } });
  });
});

describe('batches', () => {
  const toEvent = eventMaker(AUDIT_EVENTS, LABELS);
  const bare = Buffer.byteLength(toEvent(rowOf({ json: '""' })).text) + 1;
  const rowOfBytes = (bytes: number): Row => rowOf({ json: `"${'é'.repeat((bytes - bare) / 2)}"` });
  const even = bare % 2;

  async function* portions(sizes: number[][]): AsyncGenerator<Row[]> {
    for (const portion of sizes) yield portion.map(rowOfBytes);
  }

  test.each([
    ['none of nothing', [], []],
    ['none of empty portions', [[], []], []],
    ['portions do not end a batch', [[300_000 + even], [300_000 + even]], [2]],
    ['exactly full', [[BATCH_BYTES / 2, BATCH_BYTES / 2].map((size) => size - even)], [2]],
    ['full', [[BATCH_BYTES / 2 + even, BATCH_BYTES / 2 + 2 + even]], [1, 1]],
    [
      'too large a row goes alone',
      [[2_000, 3_000_000, 2_000].map((size) => size + even)],
      [1, 1, 1],
    ],
  ])('%s', async (_what, sizes, counts) => {
    const found: number[] = [];
    for await (const batch of inBatches(portions(sizes), toEvent)) found.push(batch.length);
    expect(found).toEqual(counts);
  });
});
