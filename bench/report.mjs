/**
 * What the report of a year costs: node bench/report.mjs [EVENTS]
 *
 * Its time and its size must not grow with the history: tables are cut, and SQL shapes what is drawn. Exit code 1 if a limit is
 * missed. Needs `npm run build`.
 */
import { makeFolder, removeFolder, verb } from './children.mjs';
import { leaveLakeOut, limitMs, sync } from './run.mjs';
import { startOwnSandbox } from './sandbox.mjs';

const DAY = 86_400_000;
const DAYS = 365;
const MOST_SECONDS = 10;
const MOST_BYTES = 3_000_000;
const STREAMS = ['audit-logs', 'users', 'teams', 'permissions', 'license'];

const events = Number(process.argv[2] ?? 1_000_000);
const until = Math.floor(Date.now() / DAY) * DAY;
const sandbox = await startOwnSandbox({ type: 'tabnine', events, days: DAYS, until });
const folder = makeFolder();
try {
  await leaveLakeOut(folder);
  const env = sandbox.env;
  await sync(
    STREAMS.map((name) => `tabnine/${name}`),
    { folder, env, events },
  );
  const from = new Date(until - DAYS * DAY).toISOString();
  const { document, seconds, cpu, peak } = await verb(['report', '--from', from], {
    folder,
    env,
    limitMs: limitMs(events),
  });
  const { bytes } = document;
  process.stdout.write(`${JSON.stringify({ events, seconds, cpu, peak, bytes })}\n`);
  process.exitCode = seconds > MOST_SECONDS || bytes > MOST_BYTES ? 1 : 0;
} finally {
  await sandbox.stop();
  removeFolder(folder);
}
