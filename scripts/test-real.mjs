/**
 * Obtains real servers and readers, and runs the tests that want them: `npm run test:real`, with names only some, with `--quick`
 * those that take little. What cannot be had is named, and never counts as passed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { ready } from './ready.mjs';
import { root } from './run.mjs';
import { patience } from './real/obtain.mjs';
import { TOOLS } from './real/tools.mjs';

const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'auditlake-real');
/** Made once all of a tool is there. It has the version. */
const MARK = '.obtained';

const args = process.argv.slice(2);
const isQuick = args.includes('--quick');
const wanted = args.filter((arg) => arg !== '--quick');
const isNamed = ({ name }, word) => name.toLowerCase().includes(word.toLowerCase());
const unknown = wanted.filter((word) => !TOOLS.some((tool) => isNamed(tool, word)));
if (unknown.length > 0) {
  const names = TOOLS.map(({ name }) => name).join('; ');
  process.stderr.write(`No tool is called ${unknown.join(' or ')}. There are: ${names}\n`);
  process.exit(2);
}
const chosen = TOOLS.filter(
  (tool) =>
    (!isQuick || tool.quick !== undefined) &&
    (wanted.length === 0 || wanted.some((word) => isNamed(tool, word))),
);

ready();
if (isQuick) patience.step = 120_000;
const tried = [];
for (const tool of chosen) {
  const row = { name: tool.name, version: shortened(tool.obtain.version), obtained: '', tried: '' };
  tried.push(row);
  const begun = Date.now();
  try {
    const folder = obtained(tool);
    row.version = shortened(readFileSync(join(folder, MARK), 'utf8'));
    row.obtained = since(begun);
    const tested = Date.now();
    row.result = tryWith(tool, folder);
    row.tried = since(tested);
  } catch (error) {
    row.obtained = since(begun);
    row.result = `skipped: ${error.message}`;
  }
  process.stderr.write(`${row.name}: ${row.result}\n\n`);
}
print(tried);
process.exitCode = tried.some(({ result }) => result.startsWith('FAILED')) ? 1 : 0;

/** Its folder; it is installed there unless this very version is. */
function obtained({ name, obtain, env }) {
  const pin = createHash('sha256').update(`${obtain.version} ${process.arch}`).digest('hex');
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const folder = join(CACHE, `${slug}-${pin.slice(0, 8)}`);
  const mark = join(folder, MARK);
  const missing = () => Object.values(env).filter((path) => !existsSync(join(folder, path)));
  if (existsSync(mark) && missing().length === 0) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  process.stderr.write(`Obtaining ${name} (${obtain.version})\n`);
  const version = obtain.into(folder) ?? obtain.version;
  if (missing().length > 0) throw new Error(`${missing().join(', ')} is not in what came`);
  writeFileSync(mark, version);
  return folder;
}

function tryWith({ name, env, tests, quick }, folder) {
  const paths = Object.entries(env).map(([variable, path]) => [variable, join(folder, path)]);
  const total = { passed: 0, failed: 0 };
  for (const [file, part] of isQuick ? quick : tests) {
    process.stderr.write(`\n${name}: ${file}\n`);
    const { passed, failed } = vitest(file, part, Object.fromEntries(paths));
    total.passed += passed;
    total.failed += failed;
    // A test that does not see the tool skips itself.
    if (passed + failed === 0) return `FAILED: no test of ${file} was run`;
  }
  const { passed, failed } = total;
  return failed > 0 ? `FAILED: ${failed} of ${passed + failed} tests` : `passed: ${passed} tests`;
}

function vitest(file, part, env) {
  const folder = mkdtempSync(join(tmpdir(), 'auditlake-real-'));
  const report = join(folder, 'report.json');
  const options = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const only = part === undefined ? [] : ['-t', part];
  const { status, signal } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...options, ...only, file],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...env, AUDITLAKE_TEST_REAL: '1' } },
  );
  // Ctrl-C ends all of it.
  if (signal) process.kill(process.pid, signal);
  try {
    const { numPassedTests: passed, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    // What fails outside of any test is in the exit code only.
    return { passed, failed: status === 0 ? numFailedTests : Math.max(numFailedTests, 1) };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What comes with a tool is left out where that is much. */
function shortened(version) {
  const words = version.split(' ');
  return words.length > 3 ? `${words[0]} …` : version;
}

function since(begun) {
  return `${((Date.now() - begun) / 1000).toFixed(0)} s`;
}

function print(rows) {
  const head = {
    name: 'tool',
    version: 'version',
    obtained: 'obtained',
    tried: 'tried',
    result: 'result',
  };
  const lines = [head, ...rows];
  const width = (key) => Math.max(...lines.map((line) => line[key].length));
  const cells = (line) => Object.keys(head).map((key) => line[key].padEnd(width(key)));
  process.stdout.write(`\n${lines.map((line) => cells(line).join('  ').trimEnd()).join('\n')}\n`);
}
