import { createHash } from 'node:crypto';
import { NOBODY_STATED, type StatedIdentity, type StatedPeople } from '../model.ts';

/** With a digest, by which a warehouse tells whether it has what the user says. The order does not matter. */
export function statedPeopleOf(all: readonly StatedIdentity[]): StatedPeople {
  if (all.length === 0) return NOBODY_STATED;
  const identities = all.toSorted((one, other) => (one.identity < other.identity ? -1 : 1));
  const version = createHash('sha256').update(JSON.stringify(identities)).digest('hex');
  return { identities, version };
}
