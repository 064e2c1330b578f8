/** What belongs to a vendor beside its folder in `src/`: a page, a link, and its sandbox in the contract suite. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VENDORS } from '../../src/vendors/index.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

test.each(VENDORS.map(({ type }) => type))(
  '%s has its page and runs in the contract suite',
  (type) => {
    expect(read(`docs/${type}.md`)).toContain(`<!-- begin streams ${type} -->`);
    expect(read('README.md')).toContain(`(docs/${type}.md)`);
    expect(read('test/contract/vendors.test.ts')).toContain(`/src/vendors/${type}/vendor.ts'`);
  },
);
