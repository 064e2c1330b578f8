/**
 * Of the CPU of a first sync, what is fetching and archiving, what is the load and what is the lake. They run side by side in
 * one process, so each is found by leaving it out: a sync without a lake, and a rebuild without a lake, which loads the same
 * batches and fetches nothing.
 */
import { leaveLakeOut, limitMs, syncAuditLog } from './run.mjs';
import { makeFolder, removeFolder, verb } from './children.mjs';

/** @returns CPU seconds; what starts and ends a process is counted with the load */
export async function split(events, whole, { env }) {
  const folder = makeFolder();
  try {
    await leaveLakeOut(folder);
    const { cpu: withoutLake } = await syncAuditLog(events, { folder, env, expectNew: events });
    const { cpu: load } = await verb(['rebuild'], { folder, env, limitMs: limitMs(events) });
    return { archive: withoutLake - load, load, lake: whole - withoutLake };
  } finally {
    removeFolder(folder);
  }
}
