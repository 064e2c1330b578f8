import { hash } from 'node:crypto';
import type { Millis, SourceRecord } from '../model.ts';
import { MAX_ID_LENGTH } from './limits.ts';
import { topLevel } from './slice/top-level.ts';

/** A record with what could be read in it. `id` is null where the vendor gave none. */
export type Row = { bytes: Buffer; id: string | null; time: Millis | null };

/** The fields that may hold a record's id and event time, in order of preference. */
export type FieldNames = { id: readonly string[]; time: readonly string[] };

/** Reads id and event time out of a record, leniently: which fields a record has is often not documented. */
export function readRow(bytes: Buffer, names: FieldNames): Row {
  const fields = fieldsOf(bytes, names);
  let id: string | null = null;
  for (const name of names.id) {
    const value = fields[name];
    if (!isId(value)) continue;
    id = String(value);
    break;
  }
  let time: Millis | null = null;
  for (const name of names.time) {
    time = instantOf(fields[name]);
    if (time !== null) break;
  }
  return { bytes, id, time };
}

function fieldsOf(bytes: Buffer, { id, time }: FieldNames): Record<string, unknown> {
  const [firstId, firstTime] = [id[0], time[0]];
  try {
    const found = topLevel(
      bytes,
      [...id, ...time],
      (fields) =>
        (firstId === undefined || isId(fields[firstId])) &&
        (firstTime === undefined || instantOf(fields[firstTime]) !== null),
    );
    if (found !== null) return found;
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Not JSON: kept all the same, under a hash of its bytes, and reported by the transform.
    return {};
  }
}

function isId(value: unknown): value is string | number {
  if (typeof value === 'string') return value !== '' && value.length <= MAX_ID_LENGTH;
  return Number.isSafeInteger(value);
}

/** From here on an integer time is milliseconds: as seconds it would be the year 5138. */
const MILLIS_FROM = 1e11;

/**
 * ISO 8601 with any number of decimals, or a date alone, in UTC where it names no zone (never in the machine's own),
 * or Unix seconds or milliseconds, told apart by magnitude. Null for anything else.
 */
export function instantOf(value: unknown): Millis | null {
  if (typeof value === 'number' && Number.isFinite(value)) {
    return Math.abs(value) >= MILLIS_FROM ? Math.trunc(value) : Math.trunc(value * 1000);
  }
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return instantOf(`${text}T00:00:00Z`);
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d+)?)(Z|[+-]\d\d:?\d\d)?$/i.exec(
    text,
  );
  if (match === null) return null;
  const at = Date.parse(`${match[1]}T${match[2]?.replace(',', '.')}${match[3] ?? 'Z'}`);
  return Number.isNaN(at) ? null : at;
}

const MADE = 'sha256:';

/** Whether a key was made from a record's content, because the record has no id. */
export function isMadeKey(key: string): boolean {
  return key.startsWith(MADE);
}

/**
 * Gives rows their keys. Rows without an id are told apart by their content, and identical ones by
 * an ordinal, so that two equal events stay two. One Keyer serves one reading from its start;
 * a second reading starts a new one and so arrives at the same keys.
 */
export class Keyer {
  readonly #seen = new Map<string, number>();

  key(row: Row): SourceRecord {
    if (row.id !== null) return { bytes: row.bytes, key: row.id, time: row.time };
    const digest = hash('sha256', row.bytes, 'hex');
    const ordinal = this.#seen.get(digest) ?? 0;
    this.#seen.set(digest, ordinal + 1);
    return { bytes: row.bytes, key: `${MADE}${digest}#${ordinal}`, time: row.time };
  }
}
