import { relative, resolve } from 'node:path';
import { tokenVariables } from '../config/set-up.ts';
import { EXIT, usageError } from '../errors.ts';
import { shellWord } from '../platform/suggested.ts';
import { DAY, isoDay } from '../platform/time.ts';
import type { Incident } from '../runs/demo.ts';
import { print } from './print.ts';
import { printRows } from './query-screen.ts';
import { runScreen } from './run-screen.ts';
import type { Verb } from './verb.ts';

const HOME = 'auditlake-demo';

export const demo: Verb = {
  usage: 'demo',
  summary: 'generated data in a home of its own, with an incident to find',
  examples: () => ['auditlake demo', 'auditlake demo --home /tmp/demo'],
  async run({ globals, invocation, waited }) {
    const { config, home = HOME, json = false, quiet = false } = globals;
    if (config !== undefined) {
      throw usageError('demo takes no --config', 'leave it out: a demonstration is not configured');
    }
    const { runDemo } = await import('../runs/demo.ts');
    const { context, done, incident, publicKey } = await runDemo(invocation, { home, json, quiet });
    const { output } = context;
    const exit = print(context, done, (document) =>
      runScreen(document, {
        home: context.config.home,
        ms: waited(),
        isVerbose: false,
      }),
    );
    if (exit !== EXIT.complete || json) return exit;
    const program = programOf(invocation.env);
    const at = homeOption(context.config.home, invocation.cwd);
    const command = (...words: string[]): string => [program, ...words, at].join(' ');
    const sql = newAddresses(incident);
    const since = sinceOf(incident, invocation.now());
    output.line(
      `\nWho signed in from where they never had before?\n$ ${command('query', quoted(sql))}`,
    );
    const { openWarehouse } = await import('../runs/query.ts');
    const session = await openWarehouse(context);
    try {
      await printRows(context, await session.run(sql), 'table');
    } finally {
      await session.close();
    }
    output.line(
      [
        '\nFind out what happened, and show it to others:',
        `  ${command('detect')}`,
        `  ${command('ask', 'person', incident.person, '--since', since)}`,
        `  ${command('ask', 'from-address', incident.address, '--since', since)}`,
        `  ${command('ask', 'admin-granted', '--since', since)}`,
        `  ${command('report', '--evidence', 'evidence')}`,
        `  sh evidence/check.sh ${shellWord(belowOf(publicKey, invocation.cwd))}   # anybody can check it, with sha256sum and openssl alone`,
        'Look at what keeps it:',
        `  ${command('status')}`,
        `  ${command('verify')}`,
        `Generated data stays in that folder. To read a vendor into another: set ${tokenVariables(context.registry)}, and look into README.md.`,
      ].join('\n'),
    );
    return exit;
  },
};

/** Without anything that has a meaning between the double quotes of a shell. */
function newAddresses({ at }: Incident): string {
  return `select ip_address, string_agg(distinct actor_name, ', ') as who, count(*) as events, min(occurred_at) as first from audit_events where ip_address is not null group by all having first >= timestamptz '${isoDay(at)} 00:00:00Z' order by first`;
}

function quoted(sql: string): string {
  return `"${sql}"`;
}

/** How this program was called, as far as it can be known: by way of npm it may be on nobody's PATH. */
function programOf(env: Record<string, string | undefined>): string {
  return env['npm_command'] === undefined ? 'auditlake' : 'npx auditlake';
}

function homeOption(home: string, cwd: string): string {
  return `--home ${shellWord(belowOf(home, cwd))}`;
}

/** Relative to where the user is, if it is below. */
function belowOf(path: string, cwd: string): string {
  const below = relative(cwd, resolve(path));
  return below.startsWith('..') || below === '' ? path : below;
}

/** Whole days, from before it: on the first day two of them, which the README has too. */
function sinceOf({ at }: Incident, now: number): string {
  return `${Math.max(2, Math.ceil((now - at) / DAY))}d`;
}
