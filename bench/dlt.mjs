/** dlt with the same history in the same run, where it is installed: what a general tool takes to bring it into Parquet. */
import { spawnSync } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder, removeFolder, run } from './children.mjs';
import { limitMs } from './run.mjs';

const PIPELINE = fileURLToPath(new URL('dlt_pipeline.py', import.meta.url));
const PYTHON = process.env.PYTHON || 'python3';
const ASK = 'import dlt, pyarrow';

/** @returns why it cannot be measured; null if it can */
export function whyNoDlt() {
  const asked = spawnSync(PYTHON, ['-c', ASK], { encoding: 'utf8', timeout: 60_000 });
  if (asked.status === 0) return null;
  const said = asked.error?.message ?? asked.stderr.trim().split('\n').at(-1);
  return `dlt is not measured: \`${PYTHON} -c '${ASK}'\` says ${said}. Install it with \`pip install 'dlt[filesystem,parquet]'\`, or name another Python in PYTHON`;
}

export async function measureDlt(events, variables) {
  const folder = makeFolder();
  try {
    const env = {
      ...variables,
      // Nothing leaves this machine, and no settings of its user are read.
      RUNTIME__DLTHUB_TELEMETRY: 'false',
      DLT_DATA_DIR: folder,
      DLT_PROJECT_DIR: folder,
    };
    const { stdout, seconds } = await run(PYTHON, [PIPELINE, folder, String(events)], {
      folder,
      env,
      limitMs: 4 * limitMs(events),
    });
    const { version, cpu, peak } = JSON.parse(stdout.trim().split('\n').at(-1));
    const lake = await parquetBytes(join(folder, 'lake'));
    return { name: `dlt ${version}: Parquet`, events, seconds, cpu, peak, lake: lake / events };
  } finally {
    removeFolder(folder);
  }
}

async function parquetBytes(folder) {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith('.parquet') && name.includes('audit_events'));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
