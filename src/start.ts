/** What `npm start` runs: a sync from the configured vendor, or without one from the sandbox, so that there is something to see. */
import { main } from './cli.ts';
import { EXIT, type ExitCode } from './errors.ts';
import { exitWith, interruptible, invocationOf } from './platform/process.ts';
import { loadConfig } from './config/load.ts';
import { REGISTRY } from './config/registry.ts';
import { tokenVariables } from './config/set-up.ts';
import { openSandbox } from './runs/open-sandbox.ts';

const SHOW = `select strftime(occurred_at, '%Y-%m-%d %H:%M') as time, actor_name as who, action, target_name as target, team_name as team
from audit_events where actor_name is not null order by occurred_at desc limit 3`;

const NEXT = `
Try next:
  npx auditlake query "select category, activity, count(*) as n from audit_events group by all order by n desc"
  npx auditlake status
  npx auditlake verify
With a vendor: set ${tokenVariables(REGISTRY)} (and …_BASE_URL for a host of your own), and run npm start again.`;

/** Always the same history, so that a second `npm start` finds nothing new, as with a real vendor. */
const HISTORY_ENDS = Date.UTC(2026, 10, 1);

async function start(args: string[], signal: AbortSignal): Promise<ExitCode> {
  const invocation = invocationOf(['sync', ...args], signal);
  const { env, cwd, stdout } = invocation;
  const { sources } = loadConfig({ env, cwd });
  if (sources.length > 0) return await main(invocation);
  const sandbox = await openSandbox(REGISTRY.vendors, 0, { until: HISTORY_ENDS });
  stdout.write(
    `No vendor is configured, so this is a demonstration: generated data from the sandbox at ${Object.values(sandbox.urls).join(' and ')}.\n\n`,
  );
  const demo = { ...invocation, env: { ...env, ...sandbox.variables } };
  try {
    const exit = await main(demo);
    if (exit !== EXIT.complete) return exit;
    stdout.write(`\n$ npx auditlake query "${SHOW}"\n`);
    const shown = await main({ ...demo, argv: ['query', SHOW] });
    stdout.write(`${NEXT}\n`);
    return shown;
  } finally {
    await sandbox.close();
  }
}

exitWith(await interruptible((signal) => start(process.argv.slice(2), signal)));
