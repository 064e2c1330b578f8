/**
 * A vendor is not on loopback: each answer takes its time, and reading side by side is to win that back. The same
 * history is read in full, one request at a time and then four.
 */
import { makeFolder, removeFolder } from './children.mjs';
import { syncAuditLog } from './run.mjs';
import { daysOf, startOwnSandbox } from './sandbox.mjs';

export const LATENCY_MS = 100;
export const LANES = [1, 4];

const DAY = 86_400_000;

export async function measureLatency(events, say) {
  const sandbox = await startOwnSandbox({
    type: 'tabnine',
    events,
    days: daysOf(events),
    until: Math.floor(Date.now() / DAY) * DAY,
    latencyMs: LATENCY_MS,
  });
  try {
    const runs = [];
    for (const concurrency of LANES) {
      say(`${LATENCY_MS} ms per answer, concurrency ${concurrency}`);
      const run = await one(events, sandbox.slowEnv, concurrency);
      const alone = runs[0] ?? run;
      runs.push({ concurrency, ...run, times_faster: alone.seconds / run.seconds });
    }
    return { events, latency_ms: LATENCY_MS, runs };
  } finally {
    await sandbox.stop();
  }
}

async function one(events, variables, concurrency) {
  const folder = makeFolder();
  try {
    const env = { ...variables, AUDITLAKE_CONCURRENCY: String(concurrency) };
    return await syncAuditLog(events, { folder, env, expectNew: events });
  } finally {
    removeFolder(folder);
  }
}
