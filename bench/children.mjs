/**
 * Processes and folders of a measurement. Nothing outlives it: every child has a time limit, and whatever is still there
 * when this process ends, by whatever way, is killed or removed.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

const REPORT_USAGE = new URL('report-usage.mjs', import.meta.url).href;

/** Settings of the person who measures must not change what is measured, and no proxy serves loopback. */
const FOREIGN =
  /^(AUDITLAKE_|TABNINE_|DEVIN_|ANTHROPIC_|CURSOR_|OPENAI_|GITHUB_|NODE_OPTIONS$|(https?|no|all)_proxy$)/i;

const children = new Set();
const folders = new Set();

for (const name of Object.keys(process.env)) if (FOREIGN.test(name)) delete process.env[name];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => process.exit(128 + constants.signals[signal]));
}
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) removeFolder(folder);
});

export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'auditlake-bench-'));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder) {
  // A child that is just being killed may still write a file.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  folders.delete(folder);
}

/**
 * Runs one verb to its end and expects it to end well. The folder is its working directory too, so that no
 * `auditlake.yaml` of the person who measures is read.
 *
 * @returns its one JSON document, and what `program` returns
 */
export async function verb(args, { folder, env = {}, limitMs }) {
  const { stdout, ...usage } = await program([BIN, ...args, '--json', '--quiet'], {
    folder,
    env: { ...env, AUDITLAKE_HOME: homeIn(folder) },
    limitMs,
  });
  return { document: JSON.parse(stdout), ...usage };
}

export const homeIn = (folder) => join(folder, 'home');

/**
 * Runs a program of Node to its end and expects it to end well.
 *
 * @returns what it printed, the seconds from before its start to after its end, and its usage: CPU seconds, peak memory and
 *   traffic in bytes
 */
export async function program(args, { folder, env, limitMs }) {
  const { stdout, stderr, seconds } = await run(
    process.execPath,
    ['--import', REPORT_USAGE, ...args],
    { folder, env, limitMs },
  );
  const usage = JSON.parse(/^usage=(.*)$/m.exec(stderr)?.[1] ?? '{}');
  return { stdout, seconds, ...usage };
}

/** Runs any command to its end and expects it to end well. */
export async function run(command, args, { folder, env, limitMs }) {
  const startedAt = performance.now();
  const child = start(command, args, { cwd: folder, env: { ...process.env, ...env }, limitMs });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  const end = await ended(child);
  const seconds = (performance.now() - startedAt) / 1000;
  if (end.code !== 0) throw new Error(`${args.join(' ')} ended with ${reason(end)}: ${stderr}`);
  return { stdout, stderr, seconds };
}

/** Starts something that says one line of JSON and then serves; `ask` has it say another one. */
export async function server(args, { limitMs, startMs }) {
  const child = start(process.execPath, args, { cwd: tmpdir(), env: process.env, limitMs });
  const stop = async () => {
    child.kill('SIGKILL');
    await ended(child);
  };
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the sandbox ended with ${reason(await ended(child))}: ${stderr}`);
    return JSON.parse(value);
  };
  const ask = async () => {
    child.stdin.write('\n');
    return await said();
  };
  const timer = setTimeout(() => child.kill('SIGKILL'), startMs);
  try {
    return { said: await said(), ask, stop };
  } finally {
    clearTimeout(timer);
  }
}

export const sandboxVerb = (events, days) => [
  BIN,
  'sandbox',
  '--json',
  '--events',
  String(events),
  '--days',
  String(days),
];

function start(command, args, { cwd, env, limitMs }) {
  const child = spawn(command, args, {
    cwd,
    env,
    // An end of stdin tells a server that this process is gone.
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  child.end = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      children.delete(child);
      resolve({ code, signal });
    });
  });
  children.add(child);
  return child;
}

function ended(child) {
  return child.end;
}

function reason({ code, signal }) {
  return signal === null ? `exit code ${code}` : `${signal} (its time limit, or killed)`;
}
