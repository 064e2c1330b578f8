import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Mapping, Transform } from '../model.ts';

type Source = Omit<Mapping, 'sql'>;

/** A new stream is a file `<vendor>/<stream>.sql` and a line here. */
const SOURCES: readonly Source[] = [
  { vendor: 'tabnine', stream: 'audit-logs', target: 'event' },
  { vendor: 'tabnine', stream: 'organization', target: 'entity' },
  { vendor: 'tabnine', stream: 'teams', target: 'entity' },
  { vendor: 'tabnine', stream: 'users', target: 'entity' },
  { vendor: 'tabnine', stream: 'team-members', target: 'entity' },
];

const VOCABULARY = 'actions.csv';

/** Reads the transform from the files beside this one. Any change to any of them is a new version. */
export function loadTransform(): Transform {
  const hash = createHash('sha256');
  const read = (name: string): string => {
    const text = readFileSync(new URL(name, import.meta.url), 'utf8');
    // With its length, so that text cannot move from one file to the next unnoticed.
    hash.update(`${name} ${text.length}\n`).update(text);
    return text;
  };
  const mappings = SOURCES.map((source) => {
    const sql = read(`${source.vendor}/${source.stream}.sql`);
    hash.update(source.target);
    return { ...source, sql };
  });
  const vocabulary = read(VOCABULARY);
  return { mappings, vocabulary, version: hash.digest('hex') };
}
