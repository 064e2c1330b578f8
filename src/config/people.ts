import { extname } from 'node:path';
import { messageOf, usageError } from '../errors.ts';
import { sliceCsv } from '../extract/slice/csv.ts';
import type { StatedPeople } from '../model.ts';
import { statedPeopleOf } from '../platform/stated-people.ts';
import { readText } from './file.ts';
import { parseYaml } from './yaml.ts';

/** One identity of one person, and where the file says so. */
type Said = { person: string; identity: string; place: string };

const HINT = 'write an address, saml:NAME, scim:NAME, VENDOR:login:NAME or SOURCE/user/ID';

/**
 * Reads the file that says who is who: CSV with the columns `person` and `identity`, or YAML with a list of identities for each
 * person. Messages name the place and repeat nothing of it: people are in there.
 *
 * @param where names the setting for the message
 * @throws a usage error for a file that cannot be read, an identity that is none, or one that two people have
 */
export function readPeople(path: string, where: string): StatedPeople {
  const label = `${where}: ${path}`;
  const text = readText(path, where);
  const kind = extname(path).toLowerCase();
  if (kind === '.csv') return peopleOf(ofCsv(text, label), label);
  if (['.yaml', '.yml', '.json'].includes(kind)) return peopleOf(ofYaml(text, label), label);
  throw usageError(`${label} is neither CSV nor YAML`, 'name a file that ends in .csv or .yaml');
}

function ofCsv(text: string, label: string): Said[] {
  try {
    const { columns, records } = sliceCsv(Buffer.from(text));
    if (!columns.includes('person') || !columns.includes('identity')) {
      throw new Error('its first line does not name the columns person and identity');
    }
    return records.map(({ fields: { person = '', identity = '' } }, i) => {
      return { person, identity, place: `record ${i + 1}` };
    });
  } catch (error) {
    throw usageError(`${label}: ${messageOf(error)}`, 'correct the file; docs/people.md has one');
  }
}

function ofYaml(text: string, label: string): Said[] {
  const content = parseYaml(text, label);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw notOfLists(label);
  }
  return Object.entries(content).flatMap(([person, identities], i) => {
    const list: unknown = identities;
    if (!Array.isArray(list) || list.some((one) => typeof one !== 'string'))
      throw notOfLists(label);
    return (list as string[]).map((identity, n) => {
      return { person, identity, place: `person ${i + 1}, identity ${n + 1}` };
    });
  });
}

function notOfLists(label: string): Error {
  return usageError(
    `${label} is not a list of identities for each person`,
    'write `ann@acme.test: [ann.b@example.com, "saml:a77"]`, a line for each person',
  );
}

/** What the file says, each identity in the form in which accounts have it. Pure. */
export function peopleOf(all: readonly Said[], label: string): StatedPeople {
  const whose = new Map<string, { person: string; place: string }>();
  const add = (identity: string, person: string, place: string): void => {
    const known = whose.get(identity);
    if (known !== undefined && known.person !== person) {
      throw usageError(
        `${label}, ${place}: has an identity of another person, of ${known.place}`,
        'leave it to one of them',
      );
    }
    if (known === undefined) whose.set(identity, { person, place });
  };
  const people = all.map(({ person, place, identity }) => ({
    person: personOf(person, `${label}, ${place}`),
    identity: identityOf(identity),
    place,
  }));
  for (const { person, identity, place } of people) {
    if (identity === null) throw usageError(`${label}, ${place}: is no identity`, HINT);
    add(identity, person, place);
  }
  // A person who is named by an address has that address as an identity too.
  for (const { person, place } of people)
    if (ADDRESS.test(person)) add(`email:${person}`, person, place);
  return statedPeopleOf(
    [...whose].map(([identity, { person }]) => ({ person_id: person, identity })),
  );
}

const ADDRESS = /^[^@\s]+@[^@\s]+$/;

function personOf(text: string, place: string): string {
  const person = text.trim();
  if (person === '') throw usageError(`${place}: names no person`, 'write an address or a name');
  return ADDRESS.test(person) ? person.toLowerCase() : person;
}

/** An identity as `person_accounts` has it in `known_by`, or an account. Null for what is neither. Pure. */
export function identityOf(text: string): string | null {
  const trimmed = text.trim();
  // An account is called by the vendor's id, in which capitals count.
  if (/^[\w.-]+\/[a-z_]+\/./.test(trimmed)) return trimmed;
  const lower = trimmed.toLowerCase();
  if (/^[a-z][\w-]*:login:\S/.test(lower)) return lower;
  const [, kind = 'email', name = ''] = /^(?:(email|saml|scim):)?\s*(\S.*)$/.exec(lower) ?? [];
  if (ADDRESS.test(name)) return `email:${name}`;
  return kind === 'email' ? null : `${kind}:${name}`;
}
