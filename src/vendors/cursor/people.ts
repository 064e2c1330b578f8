import { fieldsOf } from '../../extract/slice/object.ts';
import type { SourceRecord } from '../../model.ts';
import { keyOfId } from '../../platform/key.ts';
import { personKey } from './client.ts';

/**
 * Keys records by the person they are about. Somebody who was removed and came back is listed twice under one address: the
 * one who is there keeps it, and the other goes by the address and the id. Pure.
 */
export function peopleOf(emails: readonly string[], ids: readonly string[]) {
  return (records: readonly SourceRecord[]): SourceRecord[] => {
    const people = records.map((record) => ({ record, ...personIn(record.bytes, emails, ids) }));
    const taken = new Set<string>();
    const first = people.toSorted((a, b) => Number(a.isRemoved) - Number(b.isRemoved));
    const keys = new Map<SourceRecord, string>();
    for (const { record, person, id } of first) {
      if (person === null) continue;
      keys.set(record, keyOfId(taken.has(person) ? `${person}/${id}` : person));
      taken.add(person);
    }
    return people.map(({ record }) => ({ ...record, key: keys.get(record) ?? record.key }));
  };
}

type Person = { person: string | null; id: string; isRemoved: boolean };

function personIn(bytes: Buffer, emails: readonly string[], ids: readonly string[]): Person {
  // A record that is no object is kept under a hash, and reported by the transform.
  const fields = fieldsOf(bytes);
  const first = (names: readonly string[]): unknown =>
    names
      .map((name) => fields[name])
      .find((value) => value !== undefined && value !== null && value !== '');
  const id = first(ids);
  return {
    person: personKey(first(emails), id),
    id: typeof id === 'string' || typeof id === 'number' ? String(id) : '',
    isRemoved: fields['isRemoved'] === true,
  };
}
