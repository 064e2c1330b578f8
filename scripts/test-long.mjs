/** The tests that get their worth from their number, at their whole count. Arguments go to vitest as in `npm test`. */
process.env.AUDITLAKE_TEST_LONG = '1';
const LONG = [
  'test/faults',
  'test/hostile',
  'test/sync/usage-fan-out.test.ts',
  'test/sinks/splunk/splunk.test.ts',
  'test/vendors/devin/sandbox/event-log.test.ts',
];
if (process.argv.length === 2) process.argv.push(...LONG);
await import('./test.mjs');
