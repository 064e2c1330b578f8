/** One `sync`, and where its time went. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verb } from './children.mjs';

/** Far beyond what is expected: a bound, not a judgement. */
export const limitMs = (events) => 180_000 + 2 * events;

/** The audit log alone: `expectNew` events are to be new. */
export async function syncAuditLog(events, { folder, env, expectNew }) {
  const { document, ...run } = await sync(['tabnine/audit-logs'], { folder, env, events });
  const found = document.streams.map(({ new_records }) => new_records).join();
  if (found !== String(expectNew)) {
    throw new Error(`sync: ${found} new events where ${expectNew} were due`);
  }
  return run;
}

/**
 * `read` is fetching and archiving, with the warehouse being loaded meanwhile; `warehouse` is what of the load was left
 * then. What remains of the wall clock is the start and the end of the process.
 */
export async function sync(streams, { folder, env, events }) {
  const { document, ...usage } = await verb(['sync', ...streams], {
    folder,
    env,
    limitMs: limitMs(events),
  });
  if (document.outcome !== 'complete') throw new Error(`sync: ${document.outcome}`);
  const read = (Date.parse(document.finished_at) - Date.parse(document.started_at)) / 1000;
  const warehouse = document.warehouse.ms / 1000;
  const lake = (document.lake?.ms ?? 0) / 1000;
  const process = Math.max(0, usage.seconds - read - warehouse - lake);
  return { document, ...usage, phases: { read, warehouse, lake, process } };
}

/** From now on, runs in this folder make no lake. */
export async function leaveLakeOut(folder) {
  await writeFile(join(folder, 'auditlake.yaml'), 'lake: false\n');
}

/** The means of some figures of some runs; null where the system does not say. */
export function means(runs, names) {
  const mean = (name) =>
    runs.some((run) => run[name] === null)
      ? null
      : runs.reduce((sum, run) => sum + run[name], 0) / runs.length;
  return Object.fromEntries(names.map((name) => [name, mean(name)]));
}
