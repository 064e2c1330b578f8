import type { Millis, SourceRecord } from '../model.ts';
import { instantOf } from '../platform/instant.ts';
import { keyOfContent, keyOfId } from '../platform/key.ts';
import { topLevel } from './slice/top-level.ts';

/** A record with what could be read in it. `id` is the key that its id makes, null where the vendor gave none. */
export type Row = { bytes: Buffer; id: string | null; time: Millis | null };

/** The fields that may hold a record's id and event time, in order of preference. */
export type FieldNames = { id: readonly string[]; time: readonly string[] };

/** Reads id and event time out of a record, leniently: which fields a record has is often not documented. */
export function readRow(bytes: Buffer, names: FieldNames): Row {
  const [firstId, firstTime] = [names.id[0], names.time[0]];
  let time: Millis | null = null;
  // Nothing further is looked for once both preferred fields are there.
  const isNamed = (key: string): boolean => names.id.includes(key) || names.time.includes(key);
  const fields = fieldsOf(bytes, isNamed, (found) => {
    if (firstId !== undefined && !isId(found[firstId])) return false;
    if (firstTime === undefined) return true;
    time = instantOf(found[firstTime]);
    return time !== null;
  });
  for (const name of names.time) time ??= instantOf(fields[name]);
  const named = names.id.find((name) => isId(fields[name]));
  return { bytes, id: named === undefined ? null : keyOfId(String(fields[named])), time };
}

function fieldsOf(
  bytes: Buffer,
  isNamed: (key: string) => boolean,
  enough: (found: Record<string, unknown>) => boolean,
): Record<string, unknown> {
  try {
    const found = topLevel(bytes, isNamed, enough);
    if (found !== null) return found;
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Not JSON: kept all the same, under a hash of its bytes, and reported by the transform.
    return {};
  }
}

function isId(value: unknown): value is string | number {
  if (typeof value === 'string') return value !== '';
  return Number.isSafeInteger(value);
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
    const first = keyOfContent(row.bytes, 0);
    const ordinal = this.#seen.get(first) ?? 0;
    this.#seen.set(first, ordinal + 1);
    const key = ordinal === 0 ? first : keyOfContent(row.bytes, ordinal);
    return { bytes: row.bytes, key, time: row.time };
  }
}
