import { expect, test } from 'vitest';
import { hintOn, withoutGuess } from '../../src/load/query/sql-hint.ts';

const TABLES = ['audit_events', 'users', 'timeline'];
const noTable = (name: string): string =>
  `Catalog Error: Table with name ${name} does not exist!\nDid you mean "pg_indexes"?\n\nLINE 1: …`;
const FILES = 'other files cannot be read or written';

test.each([
  [noTable('audit_event'), 'did you mean audit_events?'],
  [noTable('events'), 'did you mean audit_events?'],
  [noTable('/etc/passwd'), FILES],
  [noTable('people.csv'), FILES],
  [noTable('zzz'), '`auditlake query "show tables"` lists what there is'],
  ['Catalog Error: Table Function with name timelin does not exist!', 'did you mean timeline?'],
  ['Permission Error: Cannot access file "x" - disabled by configuration', FILES],
  ['Parser Error: syntax error at or near "selct"', 'correct the SQL'],
  ['Binder Error: Referenced column "x" not found', 'correct the SQL'],
  [
    'Out of Memory Error: failed',
    'ask for less at once: fewer rows or columns, or a part of the time',
  ],
])('%s', (message, hint) => {
  expect(hintOn(message, TABLES)).toBe(hint);
  expect(withoutGuess(message)).not.toContain('pg_indexes');
});
