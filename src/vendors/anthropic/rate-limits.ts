import { parseObject } from '../../extract/slice/object.ts';
import type { SourceRecord } from '../../model.ts';
import { keyOfId } from '../../platform/key.ts';
import { ORGANIZATION } from './client.ts';

export const RATE_LIMITS = `${ORGANIZATION}/rate_limits`;

/** A limit has no id: it is known by the kind of its group, and of a group of models by the first of them. */
export function keyOfRateLimit(record: SourceRecord): SourceRecord {
  const { id, group_type, models } = parseObject(record.bytes, 'a rate limit');
  if (typeof id === 'string') return record;
  const first = Array.isArray(models) ? models.map(String).toSorted()[0] : undefined;
  const parts = [group_type, first].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? record : { ...record, key: keyOfId(parts.join(' ')) };
}
