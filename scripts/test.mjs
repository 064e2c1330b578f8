import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ready } from './ready.mjs';
import { foreground, root } from './run.mjs';

ready();
process.chdir(root);
const folder = mkdtempSync(join(tmpdir(), 'auditlake-test-'));
const report = join(folder, 'report.json');
const exit = await foreground([
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
const total = count(exit);
rmSync(folder, { recursive: true, force: true });
process.exitCode = exit === 0 && (total.failed > 0 || total.passed === 0) ? 1 : exit;
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);

function count(exitCode) {
  let result = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    // Without a report vitest itself has failed, which the exit code says.
  }
  // A file that cannot be loaded has no tests that could fail.
  const broken = result.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = result.numFailedTests + broken.length;
  // Errors outside of any test are in the exit code only.
  return { passed: result.numPassedTests, failed: exitCode === 0 ? failed : Math.max(failed, 1) };
}
