/** What `npm start` runs: a sync from the configured vendor, or without one from the sandbox, so that there is something to see. */
import { main } from './cli.ts';
import { EXIT, type ExitCode } from './errors.ts';
import { exitWith, interruptible } from './platform/process.ts';
import { loadConfig } from './config/load.ts';
import { startSandbox } from './sandbox/server.ts';

const SHOW = `select strftime(occurred_at, '%Y-%m-%d %H:%M') as time, actor_name as who, action, target_name as target, team_name as team
from audit_events where actor_name is not null order by occurred_at desc limit 3`;

const NEXT = `
Try next:
  npx auditlake query "select category, activity, count(*) as n from audit_events group by all order by n desc"
  npx auditlake status
  npx auditlake verify
With a vendor: set TABNINE_TOKEN, DEVIN_TOKEN or both (and …_BASE_URL for a host of your own) and run npm start again.`;

/** Always the same history, so that a second `npm start` finds nothing new, as with a real vendor. */
const HISTORY_ENDS = Date.UTC(2026, 10, 1);

async function start(args: string[], signal: AbortSignal): Promise<ExitCode> {
  const { sources } = loadConfig({ env: process.env, cwd: process.cwd() });
  if (sources.length > 0) return await main(['sync', ...args], signal);
  const sandbox = await startSandbox({ until: HISTORY_ENDS });
  process.stdout.write(
    `No vendor is configured, so this is a demonstration: generated data from a sandbox at ${sandbox.url}.\n\n`,
  );
  process.env['TABNINE_BASE_URL'] = sandbox.url;
  process.env['TABNINE_TOKEN'] = sandbox.token;
  process.env['DEVIN_BASE_URL'] = sandbox.url;
  process.env['DEVIN_TOKEN'] = sandbox.devinToken;
  try {
    const exit = await main(['sync', ...args], signal);
    if (exit !== EXIT.complete) return exit;
    process.stdout.write(`\n$ npx auditlake query "${SHOW}"\n`);
    const shown = await main(['query', SHOW], signal);
    process.stdout.write(`${NEXT}\n`);
    return shown;
  } finally {
    await sandbox.close();
  }
}

exitWith(await interruptible((signal) => start(process.argv.slice(2), signal)));
