import type { DuckDBDecimalValue as Decimal, DuckDBValue } from '@duckdb/node-api';
import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
} from '../../platform/duckdb.ts';
import type { Zone } from '../../platform/zone.ts';
import { clockOf, instantText } from './instants.ts';

/** What JSON can say without losing anything. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [name: string]: JsonValue };

const MICROS_PER_SECOND = 1_000_000n;
const NANOS_PER_MICRO = 1000n;

/**
 * A value of an answer as JSON: instants in ISO 8601, integers that a double cannot hold as text.
 *
 * @param zone whose clocks show instants; null for UTC
 */
export function jsonValue(value: DuckDBValue, zone: Zone | null = null): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  // NaN and the infinities have no JSON number.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return integer(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
    return value.items.map((item) => jsonValue(item, zone));
  }
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(
      Object.entries(value.entries).map(([name, member]) => [name, jsonValue(member, zone)]),
    );
  }
  if (value instanceof DuckDBMapValue) {
    return value.entries.map((entry) => ({
      key: jsonValue(entry.key, zone),
      value: jsonValue(entry.value, zone),
    }));
  }
  if (value instanceof DuckDBUnionValue) return jsonValue(value.value, zone);
  if (value instanceof DuckDBDecimalValue) return decimal(value);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof DuckDBTimestampTZValue) {
    return instantText(value.micros, zone, String(value));
  }
  const micros = microsOf(value);
  return micros === null ? String(value) : clockOf(micros, String(value));
}

function integer(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function decimal(value: Decimal): number | string {
  return Number.isSafeInteger(Number(value.value)) ? Number(value.toString()) : value.toString();
}

function microsOf(value: DuckDBValue): bigint | null {
  if (value instanceof DuckDBTimestampValue) return value.micros;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis * 1000n;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * MICROS_PER_SECOND;
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos / NANOS_PER_MICRO;
  return null;
}
