/** One `sync` of the audit log, and where its time went. */
import { verb } from './children.mjs';

/** Far beyond what is expected: a bound, not a judgement. */
export const limitMs = (events) => 180_000 + 2 * events;

/**
 * `read` is fetching and archiving, with the warehouse being loaded beside it; `warehouse` is what of the load was left
 * then. What remains of the wall clock is the start and the end of the process.
 */
export async function syncAuditLog(events, { folder, env, expectNew }) {
  const { document, seconds, peak } = await verb(['sync', 'tabnine/audit-logs'], {
    folder,
    env,
    limitMs: limitMs(events),
  });
  const found = document.streams.map(({ new_records }) => new_records).join();
  if (document.outcome !== 'complete' || found !== String(expectNew)) {
    throw new Error(`sync: ${document.outcome}, ${found} new events where ${expectNew} were due`);
  }
  const read = (Date.parse(document.finished_at) - Date.parse(document.started_at)) / 1000;
  const warehouse = document.warehouse.ms / 1000;
  const lake = (document.lake?.ms ?? 0) / 1000;
  const process = Math.max(0, seconds - read - warehouse - lake);
  return { seconds, peak, phases: { read, warehouse, lake, process } };
}
