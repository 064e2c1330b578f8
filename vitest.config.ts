import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      // What needs a real server or reader is run where `npm run test:real` has obtained it.
      ...(process.env['AUDITLAKE_TEST_REAL'] === '1' ? [] : ['test/real/**']),
      // What is long is run by `npm run test:long`.
      ...(process.env['AUDITLAKE_TEST_LONG'] === '1' ? [] : ['test/**/*.long.test.ts']),
    ],
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
