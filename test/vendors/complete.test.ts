/** What belongs to a vendor beside its folder in `src/`: a page, a link, and its sandbox in the contract suite. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { transformOf } from '../../src/transform/transform.ts';
import { VENDORS } from '../../src/vendors/index.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

test.each(VENDORS.map(({ type, sandbox }) => ({ type, sandbox })))(
  '$type has its page, and a sandbox that runs in the contract suite',
  ({ type, sandbox }) => {
    expect(sandbox).not.toBeNull();
    expect(read(`docs/${type}.md`)).toContain(`<!-- begin streams ${type} -->`);
    expect(read('README.md')).toContain(`(docs/${type}.md)`);
    expect(read('test/contract/vendors.test.ts')).toContain(`/src/vendors/${type}/vendor.ts'`);
  },
);

test.each(VENDORS.map(({ type }) => type))('%s: what changes access is an action', (type) => {
  const { actions, access } = transformOf(VENDORS.filter((vendor) => vendor.type === type));
  const known = actions.map(({ action }) => action);
  expect(access.filter(({ action }) => !known.includes(action))).toEqual([]);
  expect(access.filter(({ change }) => change !== 'granted' && change !== 'revoked')).toEqual([]);
  expect(access.length).toBeGreaterThan(0);
});
