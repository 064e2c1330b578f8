import { sliceList } from '../../extract/slice/json.ts';
import { MalformedBody } from '../../extract/slice/malformed-body.ts';
import { isObject } from '../../extract/slice/object.ts';
import type { Millis } from '../../model.ts';
import { instantOf } from '../../platform/instant.ts';
import { DAY } from '../../platform/time.ts';

/** The figures of one period, as served. */
export type Bucket = {
  bytes: Buffer;
  /** When the period begins and ends; a month is taken for the end where the answer does not say it. */
  time: Millis | null;
  end: Millis;
  /** Whether any of its figures is above zero. */
  isActive: boolean;
};

/** Where the list stands: documented for usage, not stated for agent usage. */
const LISTS = ['usage.data', 'data', 'items'];

/** The periods of an answer of any usage endpoint. An answer that is one period by itself is taken as one. */
export function parseBuckets(body: Buffer): { records: Bucket[] } {
  try {
    return { records: sliceList(body, LISTS).records.map(bucket) };
  } catch (error) {
    const whole =
      error instanceof MalformedBody ? (JSON.parse(body.toString('utf8')) as unknown) : null;
    if (!isObject(whole) || !('activeUsers' in whole)) throw error;
    return { records: [bucket(body)] };
  }
}

function bucket(bytes: Buffer): Bucket {
  const fields = JSON.parse(bytes.toString('utf8')) as unknown;
  if (!isObject(fields)) return { bytes, time: null, end: 0, isActive: false };
  const time = instantOf(fields['from']);
  const to = instantOf(fields['to']) ?? 0;
  const end = to > (time ?? 0) ? to : (time ?? 0) + 31 * DAY;
  return { bytes, time, end, isActive: isPositive(fields) };
}

function isPositive(value: unknown): boolean {
  if (typeof value === 'number') return value > 0;
  return typeof value === 'object' && value !== null && Object.values(value).some(isPositive);
}
