/**
 * A run that finds nothing new, in a new home, in one that has few batch files of three years, and in one that has many: it is
 * not to look at what it does not need.
 */
import { fileURLToPath } from 'node:url';
import { homeIn, makeFolder, program, removeFolder } from './children.mjs';
import { limitMs, means, syncAuditLog } from './run.mjs';
import { startOwnSandbox } from './sandbox.mjs';

const WRITE_BATCHES = fileURLToPath(new URL('write-batches.mjs', import.meta.url));

const EVENTS = 5_000;
const DAYS = 30;
const RUNS = 3;
/** About one a month: what years cost by themselves is told from what their files cost. */
const FEW = 40;
const DAY = 86_400_000;

export async function measureNoNews(batches, say) {
  const until = Math.floor(Date.now() / DAY) * DAY;
  const sandbox = await startOwnSandbox({ type: 'tabnine', events: EVENTS, days: DAYS, until });
  try {
    const homes = [];
    for (const earlier of [0, FEW, batches]) {
      homes.push(await one(sandbox.env, { earlier, before: until - (DAYS + 1) * DAY }, say));
    }
    return homes;
  } finally {
    await sandbox.stop();
  }
}

/** @returns means of some runs, and how many batch files there were */
async function one(env, { earlier, before }, say) {
  const folder = makeFolder();
  try {
    if (earlier > 0) {
      say(`writing ${earlier} batch files`);
      const options = { home: homeIn(folder), batches: earlier, before };
      const args = [WRITE_BATCHES, JSON.stringify(options)];
      await program(args, { folder, env, limitMs: limitMs(50 * earlier) });
    }
    const read = (expectNew) => syncAuditLog(50 * earlier + EVENTS, { folder, env, expectNew });
    say(`${earlier} batch files and a few, loading`);
    await read(EVENTS);
    // The run after one that loaded much may still have something to bring up.
    await read(0);
    const runs = [];
    for (let left = RUNS; left > 0; left -= 1) runs.push(await read(0));
    return { earlier_batches: earlier, ...means(runs, ['cpu', 'seconds', 'read']) };
  } finally {
    removeFolder(folder);
  }
}
