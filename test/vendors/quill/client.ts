import { type Diagnosis, diagnoseRefusal } from '../../../src/extract/diagnosis.ts';
import { Keyer, readRow, type Row } from '../../../src/extract/record.ts';
import { sliceList } from '../../../src/extract/slice/json.ts';
import type { SourceRecord } from '../../../src/model.ts';

/** The rows of a list under a key, keyed by their ids. */
export function rowsOf(body: Buffer, list: string): { records: Row[]; envelope: unknown } {
  const { records, envelope } = sliceList(body, [list]);
  return {
    records: records.map((bytes) => readRow(bytes, { id: ['id'], time: ['at'] })),
    envelope,
  };
}

export function keyed(rows: readonly Row[], prefix = ''): SourceRecord[] {
  const keyer = new Keyer();
  return rows
    .map((row) => keyer.key(row))
    .map((record) => ({ ...record, key: prefix + record.key }));
}

/** Errors are `{error: {reason}}`. A team without policies answers 400. */
export function diagnose(status: number, body: Buffer): Diagnosis | null {
  const reason = /"reason":"([^"]*)"/.exec(body.toString('utf8'))?.[1] ?? '';
  return diagnoseRefusal(status, `status ${status}${reason === '' ? '' : `: ${reason}`}`, {
    refused: 'make a new admin key',
    forbidden: 'the key must be of an owner',
    absent: 'this workspace has no such endpoint',
  });
}
