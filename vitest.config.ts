import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Begin first, so that none of them is left for the end, when the other workers have nothing to do. */
const LONGEST = ['hostile/hostile', 'docs/docs', 'cli/demo', 'cli/schedule'];

const isLong = ({ moduleId }: TestSpecification): boolean =>
  LONGEST.some((name) => moduleId.endsWith(`/test/${name}.test.ts`));

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- not an array's
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      // What needs a real server or reader is run where `npm run test:real` has obtained it.
      ...(process.env['AUDITLAKE_TEST_REAL'] === '1' ? [] : ['test/real/**']),
      // What is long is run by `npm run test:long`.
      ...(process.env['AUDITLAKE_TEST_LONG'] === '1' ? [] : ['test/**/*.long.test.ts']),
    ],
    sequence: { sequencer: LongestFirst },
    pool: 'forks',
    // No test leaves anything in its process: modules are loaded once for many files.
    isolate: false,
    // A fifth of the time is waiting, for disks and other processes.
    maxWorkers: availableParallelism() + 1,
    // Against what hangs. How fast the machine is must not matter.
    testTimeout: 180_000,
    hookTimeout: 90_000,
  },
});
