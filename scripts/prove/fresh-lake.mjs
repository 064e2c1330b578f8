import { join } from 'node:path';
import { makeFolder, verb } from '../../bench/children.mjs';
import { startSandbox } from '../../bench/sandbox.mjs';

const EVENTS = 10_000;
const LIMIT_MS = 300_000;

/** The lake of a first sync from the sandbox by the build in `dist`, with everything that both vendors serve. */
export async function makeLake() {
  const folder = makeFolder();
  const sandbox = await startSandbox(EVENTS);
  try {
    await verb(['sync'], { folder, env: sandbox.env, limitMs: LIMIT_MS });
  } finally {
    await sandbox.stop();
  }
  return join(folder, 'home', 'lake');
}
