import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Spent } from '../model.ts';
import { isAbsent, readPlain } from '../platform/plain-file.ts';
import { makeFolder } from '../platform/durable.ts';
import type { Layout } from './layout.ts';

/** Of a day's minutes for each of many budgets it would be less. */
const LARGEST = 1024 * 1024;

const SPENT = z.record(z.string(), z.array(z.tuple([z.number(), z.number()])));

/**
 * The requests of a source that still count, in a small file of the home. A power cut may cost the last ones: then the vendor
 * refuses a request, which is no harm.
 */
export function spentRequests(
  { home }: Pick<Layout, 'home'>,
  source: string,
): { load: () => Promise<Spent>; save: (spent: Spent) => Promise<void> } {
  const file = join(home, `requests-${source}.json`);
  return {
    async load() {
      try {
        const { data } = SPENT.safeParse(
          JSON.parse((await readPlain(file, LARGEST)).toString('utf8')),
        );
        // One that cannot be read is as good as none.
        return data ?? {};
      } catch (error) {
        if (isAbsent(error) || error instanceof SyntaxError) return {};
        throw error;
      }
    },
    async save(spent) {
      const temporary = `${file}.tmp`;
      await makeFolder(home);
      await rm(temporary, { force: true });
      await writeFile(temporary, `${JSON.stringify(spent)}\n`, { flag: 'wx' });
      await rename(temporary, file);
    },
  };
}
