/** The file that says who is who. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { identityOf, readPeople } from '../../src/config/people.ts';
import { NOBODY_STATED } from '../../src/model.ts';

const folder = mkdtempSync(join(tmpdir(), 'auditlake-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(name: string, text: string): unknown {
  const path = join(folder, name);
  writeFileSync(path, text);
  return readPeople(path, 'people in auditlake.yaml');
}

const ANN = [
  { person_id: 'ann@acme.test', identity: 'email:ann.b@example.com' },
  { person_id: 'ann@acme.test', identity: 'email:ann@acme.test' },
  { person_id: 'ann@acme.test', identity: 'github:login:ann' },
];

test.each([
  [
    'a.csv',
    'person,identity\nAnn@acme.test ,ann.b@example.com\r\nann@acme.test,GitHub:login:Ann\n',
  ],
  [
    'b.csv',
    '\uFEFFidentity,note,person\n"Ann.B@example.com","x, y",ann@acme.test\ngithub:login:ann,,ann@acme.test',
  ],
  ['a.yaml', 'ann@acme.test: [ann.b@example.com, "github:login:ann", "email: ANN@acme.test"]'],
  ['a.json', '{"ann@acme.test": ["ann.b@example.com", "github:login:ann"]}'],
])('%s', (name, text) => {
  expect(read(name, text)).toEqual({ identities: ANN, version: expect.stringMatching(/^\w{64}$/) });
});

test.each(['person,identity\n', ''])('a file without anybody: %j', (text) => {
  expect(read(text === '' ? 'none.yaml' : 'none.csv', text)).toEqual(NOBODY_STATED);
});

test.each([
  ['Ann@Acme.test', 'email:ann@acme.test'],
  ['email:ann@acme.test', 'email:ann@acme.test'],
  // Many identity providers give the address as the name.
  ['saml: ann@acme.test', 'email:ann@acme.test'],
  ['SAML:CN=Ann, OU=Dev', 'saml:cn=ann, ou=dev'],
  ['scim:00u1', 'scim:00u1'],
  ['github:login:Ann_acme', 'github:login:ann_acme'],
  ['devin/user/email|Ann', 'devin/user/email|Ann'],
  ['cursor/user/ann@acme.test', 'cursor/user/ann@acme.test'],
  ['', null],
  ['ann', null],
  ['login:ann', null],
  ['email:ann', null],
  ['saml:', null],
  ['github:login:', null],
])('%j is %j', (text, expected) => {
  expect(identityOf(text)).toBe(expected);
});

test.each([
  [
    'x.csv',
    'who,what\na,b\n',
    /x\.csv: its first line does not name the columns person and identity/,
  ],
  ['x.csv', 'person,identity\na\n', /x\.csv: a record has 1 fields, not 2/],
  ['x.csv', 'person,identity\n"ann,a@acme.test\n', /x\.csv: /],
  ['x.csv', 'person,identity\n ,a@acme.test\n', /record 1: names no person/],
  ['x.csv', 'person,identity\nann,a@acme.test\nbob,b\n', /record 2: is no identity/],
  [
    'x.csv',
    'person,identity\nann,a@acme.test\nbob,A@acme.test\n',
    /record 2: has an identity of another person, of record 1/,
  ],
  [
    'x.csv',
    'person,identity\nann@acme.test,a/user/1\nbob,ann@acme.test\n',
    /has an identity of another person, of record 2/,
  ],
  ['x.yaml', '[a, b]', /is not a list of identities for each person/],
  ['x.yaml', 'ann: a@acme.test', /is not a list of identities for each person/],
  ['x.yaml', 'ann: [7]', /is not a list of identities for each person/],
  ['x.yaml', 'ann: [', /is not valid YAML/],
  ['x.yaml', 'ann: [a@acme.test]\nbob: [c@acme.test, b]', /person 2, identity 2: is no identity/],
  ['x.txt', '', /x\.txt is neither CSV nor YAML/],
])('%s %j', (name, text, message) => {
  expect(() => read(name, text)).toThrow(message);
});

test('a file that is not there', () => {
  expect(() => readPeople('/nowhere/people.csv', 'AUDITLAKE_PEOPLE')).toThrow(
    'AUDITLAKE_PEOPLE: cannot read /nowhere/people.csv (ENOENT)',
  );
});
