/**
 * Time and peak memory of a first sync, for two sizes of history in one run, so that their ratio means something on
 * any machine. The sandbox is a process of its own. Usage: npm run bench [-- 100000 1000000]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const REPORT_PEAK = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>writeSync(2,'peak-kb='+process.resourceUsage().maxRSS))`;
const EVENTS_PER_DAY = 3_333;

const sizes = process.argv.slice(2).map(Number);
if (sizes.length === 0) sizes.push(100_000, 1_000_000);

const rows = [];
for (const events of sizes) rows.push(await measure(events));
const base = rows[0];
process.stdout.write(`${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.version}\n`);
process.stdout.write('events | first sync | events/s | peak memory | × the first | second sync\n');
for (const row of rows) {
  const ratio = (row.peak / base.peak).toFixed(2);
  process.stdout.write(
    `${row.events} | ${row.first.toFixed(1)} s | ${Math.round(row.events / row.first)} | ${Math.round(row.peak / 1024)} MiB | ${ratio} | ${row.second.toFixed(2)} s\n`,
  );
}

async function measure(events) {
  const days = String(Math.ceil(events / EVENTS_PER_DAY));
  const folder = mkdtempSync(join(tmpdir(), 'auditlake-bench-'));
  const sandbox = spawn(process.execPath, [
    BIN,
    'sandbox',
    '--json',
    '--events',
    String(events),
    '--days',
    days,
  ]);
  try {
    const variables = await firstLine(sandbox.stdout);
    const env = { ...process.env, ...JSON.parse(variables).variables, AUDITLAKE_HOME: folder };
    const first = await sync(env);
    const second = await sync(env);
    return { events, first: first.seconds, peak: first.peak, second: second.seconds };
  } finally {
    sandbox.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function sync(env) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', REPORT_PEAK, BIN, 'sync', '--quiet'], { env });
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += text));
  child.stdout.resume();
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      const peak = Number(/peak-kb=(\d+)/.exec(stderr)?.[1]);
      if (code !== 0) reject(new Error(`sync ended with ${code}: ${stderr}`));
      else resolve({ seconds: (performance.now() - startedAt) / 1000, peak });
    });
  });
}

async function firstLine(stream) {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error('the sandbox ended without a word');
}
