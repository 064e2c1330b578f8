/**
 * The unit of CPU: a process of its own that fetches the same pages and parses them, as the shortest program would that
 * wants the events. It runs in the same minutes on the same machine, so that the ratio means something on any.
 */
import { fileURLToPath } from 'node:url';
import { program } from './children.mjs';
import { limitMs } from './run.mjs';

const PROCESS = fileURLToPath(new URL('reference-process.mjs', import.meta.url));

/** @returns its seconds and its usage */
export async function reference(events, { folder, env }) {
  const { stdout, ...usage } = await program([PROCESS, String(events)], {
    folder,
    env,
    limitMs: limitMs(events),
  });
  if (Number(stdout) !== events) throw new Error(`the reference parsed ${stdout} events`);
  return usage;
}
