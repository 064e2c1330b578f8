import { setMaxListeners } from 'node:events';
import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { PruneOptions } from './commands/prune.ts';
import { loadConfig } from './config/load.ts';
import type { SecretPart } from './config/file.ts';
import { REGISTRY } from './config/registry.ts';
import { exampleStream } from './config/set-up.ts';
import { instant } from './settings/instant.ts';
import { readSetting } from './settings/problem.ts';
import { type Context, contextOf, type Invocation } from './runs/context.ts';
import { AuditlakeError, EXIT, type ExitCode, messageOf, usageError } from './errors.ts';
import { openOutput } from './platform/output.ts';
import { printable } from './platform/printable.ts';
import { version } from './platform/version.ts';

/** Loaded when they are asked for: a look at `--help` or `status` need not wait for HTTP clients and cron. */
const commands = {
  backfill: () => import('./commands/backfill.ts'),
  check: () => import('./commands/check.ts'),
  deliver: () => import('./commands/deliver.ts'),
  heads: () => import('./commands/kept-heads.ts'),
  preview: () => import('./commands/preview.ts'),
  proof: () => import('./commands/proof.ts'),
  prune: () => import('./commands/prune.ts'),
  pruneLake: () => import('./commands/prune-lake.ts'),
  query: () => import('./commands/query.ts'),
  rebuild: () => import('./commands/rebuild.ts'),
  sandbox: () => import('./commands/sandbox.ts'),
  schedule: () => import('./commands/schedule.ts'),
  status: () => import('./commands/status.ts'),
  sync: () => import('./commands/sync.ts'),
  verify: () => import('./commands/verify.ts'),
};

type VerifyOptions = {
  head?: string;
  event?: string;
  proof?: string;
  againstSource?: boolean;
  days: number;
};
type Globals = { config?: string; home?: string; json?: boolean; quiet?: boolean };

/**
 * Runs one command line and returns its exit code. Everything that goes wrong ends as a message on `stderr`. Several may run at
 * the same time, each on a home of its own.
 */
export async function main(invocation: Invocation): Promise<ExitCode> {
  const { argv, env, cwd, stdout, stderr, signal, now, registry = REGISTRY } = invocation;
  const { source, stream } = exampleStream(registry);
  const uid = `${source}:evt_01`;
  // Every request under way listens to it: more than the ten that Node takes for a leak.
  setMaxListeners(0, signal);
  let exit: ExitCode = EXIT.complete;
  let secrets: readonly string[] = [];

  type Work = (context: Context, command: Command) => Promise<ExitCode>;
  const run =
    (work: Work, without: readonly SecretPart[]) =>
    async (...given: unknown[]): Promise<void> => {
      const command = given.at(-1) as Command;
      const globals = command.optsWithGlobals<Globals>();
      const config = loadConfig({
        env,
        cwd,
        without,
        registry,
        ...(globals.config === undefined ? {} : { configFile: globals.config }),
        ...(globals.home === undefined ? {} : { home: globals.home }),
      });
      ({ secrets } = config);
      const { logLevel } = config;
      const quiet = globals.quiet === true;
      const output = openOutput({ ...invocation, secrets, logLevel, quiet });
      const context = contextOf(invocation, config, { output, json: globals.json === true });
      exit = await work(context, command);
    };
  const asking = (work: Work) => run(work, []);
  // Who only writes into the ledger needs no token.
  const signing = (work: Work) => run(work, ['sources', 'sinks']);
  // Who only delivers asks no vendor.
  const delivering = (work: Work) => run(work, ['sources']);
  // Who only reads the home needs no secret.
  const reading = (work: Work) => run(work, ['sources', 'sinks', 'signing']);

  const program = withGlobals(
    new Command('auditlake')
      .description(
        'A flight recorder for AI coding tools: archives the vendors’ audit logs, tamper-evident, and answers in SQL.',
      )
      .version(version())
      .exitOverride()
      .configureOutput({
        writeOut: (text) => void stdout.write(text),
        writeErr: (text) => void stderr.write(text),
        getOutHelpWidth: () => stdout.columns ?? 80,
        getErrHelpWidth: () => stderr.columns ?? 80,
      })
      .configureHelp({ showGlobalOptions: true })
      .showHelpAfterError('(--help shows the options)'),
  );

  verb(
    program,
    'sync [streams...]',
    'read what is new into archive, warehouse and lake, and deliver it',
    ['auditlake sync', `auditlake sync ${source}/${stream} --preview`],
  )
    .option('--preview', 'one page per stream: show what would be stored, write nothing')
    .action(
      asking(async (context, command) => {
        const { preview = false } = command.opts<{ preview?: boolean }>();
        if (preview) return (await commands.preview()).previewCommand(context, command.args);
        return (await commands.sync()).syncCommand(context, command.args);
      }),
    );
  verb(
    program,
    'status [streams...]',
    'what is archived, how fresh it is, how the last runs went',
    ['auditlake status', `auditlake status --coverage --from 2026-10-01 ${source}/${stream}`],
  )
    .option(
      '--coverage',
      'per stream and day complete, provisional or gap; alarms set the exit code',
    )
    .option('--from <date>', 'with --coverage: the first day that is looked at')
    .action(
      reading(async (context, command) => {
        const { coverage = false, from } = command.opts<{ coverage?: boolean; from?: string }>();
        if (!coverage && (from !== undefined || command.args.length > 0))
          throw usageError('--from and streams are for the coverage', 'add --coverage');
        const day = from === undefined ? null : parseDay(from);
        return (await commands.status()).statusCommand(
          context,
          coverage ? { from: day, streams: command.args } : null,
        );
      }),
    );
  verb(program, 'query <sql>', 'read-only SQL over the warehouse', [
    'auditlake query "select action, count(*) n from audit_events group by 1 order by 2 desc"',
    'auditlake query "select * from users" --to users.parquet',
  ])
    .option('--csv', 'print CSV')
    .option('--to <file>', 'write to FILE.parquet, FILE.csv or FILE.ndjson')
    .action(
      reading(async (context, command) => {
        const { csv = false, to } = command.opts<{ csv?: boolean; to?: string }>();
        if (csv && context.json)
          throw usageError('--csv and --json exclude each other', 'name one');
        const format = csv ? 'csv' : context.json ? 'json' : 'table';
        return (await commands.query()).queryCommand(context, command.args[0] ?? '', {
          format,
          to,
        });
      }),
    );
  verb(program, 'verify', 'show that the archive is unaltered and the warehouse equal to it', [
    'auditlake verify --head heads.ndjson',
    `auditlake verify --event ${uid} --proof evt_01.proof.json`,
  ])
    .option('--head <file>', 'compare with heads that were kept elsewhere, one a line')
    .option('--event <uid>', 'write the proof of one event into the file of --proof')
    .option('--proof <file>', 'check a proof; needs no archive')
    .option('--against-source', 'compare closed days with the vendor too, and read what is missing')
    .option(
      '--days <n>',
      'days that are compared per log, from where the last time ended',
      positive,
      31,
    )
    .action((options: VerifyOptions, command: Command) =>
      (options.againstSource ? asking : reading)(async (context) => {
        const { head, event, proof, againstSource = false, days } = options;
        const heads =
          head === undefined ? [] : await (await commands.heads()).keptHeads(resolve(cwd, head));
        if (event !== undefined && proof === undefined) {
          throw usageError('--event needs --proof', 'name the file that the proof is written to');
        }
        if (proof !== undefined) {
          const { checkProofCommand, proveCommand } = await commands.proof();
          if (event !== undefined) return proveCommand(context, event, proof);
          return checkProofCommand(context, proof, heads);
        }
        return (await commands.verify()).verifyCommand(context, {
          heads,
          days: againstSource ? days : null,
        });
      })(command),
    );
  verb(program, 'backfill [streams...]', 'read an old window again; moves no watermark', [
    'auditlake backfill --from 2025-01-01 --to 2025-02-01',
    `auditlake backfill --from 2025-01-31T06:00:00Z --to 2025-01-31T18:00:00Z ${source}/${stream}`,
  ])
    .requiredOption('--from <time>', 'where it begins: a date or instant in UTC')
    .requiredOption('--to <time>', 'where it ends, itself not part of it')
    .action(
      asking(async (context, command) =>
        (await commands.backfill()).backfillCommand(
          context,
          command.args,
          command.opts<{ from: string; to: string }>(),
        ),
      ),
    );
  verb(program, 'prune [streams...]', 'remove batches for good, with a word in the ledger', [
    'auditlake prune --before 2020-01-01 --reason "retention of five years"',
    `auditlake prune --event ${uid} --reason "erasure request 17" --yes`,
  ])
    .option('--before <time>', 'batches whose events are all older')
    .option('--event <uid>', 'the batches that hold this event, with all else in them')
    .option('--reason <text>', 'why; it stands in the ledger')
    .option('--yes', 'do it; without this only what would go is shown')
    .option('--lake', 'instead: days past lake.retention, from the lake alone')
    .action((...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const { lake = false, ...options } = command.opts<PruneOptions & { lake?: boolean }>();
      return (lake ? reading : signing)(async (context) => {
        if (!lake) return (await commands.prune()).pruneCommand(context, command.args, options);
        if (command.args.length > 0 || Object.keys(options).length > 0) {
          throw usageError(
            '--lake takes no streams and no other option',
            'prune the archive apart',
          );
        }
        return (await commands.pruneLake()).pruneLakeCommand(context);
      })(command);
    });
  verb(program, 'rebuild', 'make warehouse and lake again from the archive', [
    'auditlake rebuild',
    'auditlake rebuild --home /data',
  ]).action(reading(async (context) => (await commands.rebuild()).rebuildCommand(context)));
  verb(program, 'deliver [sinks...]', 'bring receivers what they do not have yet', [
    'auditlake deliver',
    'auditlake deliver siem --from-seq 1200',
  ])
    .option('--from-seq <n>', 'deliver again from this seq on, whatever was delivered', wholeNumber)
    .action(
      delivering(async (context, command) => {
        const { fromSeq = null } = command.opts<{ fromSeq?: number }>();
        return (await commands.deliver()).deliverCommand(context, command.args, fromSeq);
      }),
    );
  verb(program, 'check', 'try tokens, endpoints, clocks, sinks and disk; changes nothing', [
    'auditlake check',
    'auditlake check --json',
  ]).action(asking(async (context) => (await commands.check()).checkCommand(context)));
  verb(program, 'schedule', 'stay up and run the jobs at their times, with metrics and health', [
    'auditlake schedule',
    'auditlake schedule --config /etc/auditlake.yaml --json | jq -c "{job, exit}"',
  ]).action(
    asking(async (context, command) => {
      const { config, home, quiet } = command.optsWithGlobals<Globals>();
      const globals = [
        ...(config === undefined ? [] : ['--config', config]),
        ...(home === undefined ? [] : ['--home', home]),
        ...(quiet === true ? ['--quiet'] : []),
      ];
      return (await commands.schedule()).scheduleCommand(context, { globals, version: version() });
    }),
  );
  verb(program, 'sandbox', 'serve generated data as a vendor would, on loopback', [
    'auditlake sandbox --port 8080',
    'auditlake sandbox --events 100000 --days 90',
  ])
    .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', wholeNumber, 0)
    .option('--events <n>', 'audit events in the history of each vendor', wholeNumber)
    .option('--days <n>', 'days that each history spans', wholeNumber)
    .action(async (options: { port: number; events?: number; days?: number }, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      const output = openOutput({
        ...invocation,
        secrets: [],
        logLevel: 'info',
        quiet: globals.quiet === true,
      });
      exit = await (
        await commands.sandbox()
      ).sandboxCommand(output, globals.json === true, options, { signal, now, registry });
    });

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    return explain(error, secrets, invocation);
  }
}

function withGlobals(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: auditlake.yaml, if there is one)')
    .option('--home <dir>', 'folder of archive, warehouse and lake (default: ./auditlake-data)')
    .option('--json', 'print one JSON document')
    .option('--quiet', 'no remarks and no progress; errors only');
}

function verb(
  program: Command,
  usage: string,
  summary: string,
  examples: [string, string],
): Command {
  const command = withGlobals(program.command(usage).description(summary)).exitOverride();
  return command.addHelpText('after', `\nExamples:\n  ${examples.join('\n  ')}`);
}

function explain(error: unknown, secrets: readonly string[], invocation: Invocation): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has printed it: help and version end well, anything else is a usage error.
    return error.exitCode === 0 ? EXIT.complete : EXIT.usage;
  }
  const output = openOutput({ ...invocation, secrets, logLevel: 'info', quiet: false });
  if (error instanceof AuditlakeError) {
    if (invocation.argv.includes('--json') && error.exit !== EXIT.usage) {
      const { code, message, hint } = error;
      output.line(
        JSON.stringify({ version: 1, outcome: 'failed', error: { code, message, hint } }),
      );
    }
    // DuckDB points at the mistake in the user's own SQL over several lines; vendor text stays on one.
    const text =
      error.code === 'sql'
        ? error.message
            .split('\n')
            .map((line) => printable(line, 500))
            .join('\n')
        : printable(error.message, 2000);
    output.say(`auditlake: ${text}\n  what to do: ${error.hint}`);
    return error.exit;
  }
  if (error instanceof Error && error.name === 'AbortError') {
    output.say('auditlake: stopped on request; the next run goes on from here');
    return EXIT.incomplete;
  }
  output.log.fatal({ err: error }, 'a defect: please report it');
  output.say(`auditlake: ${printable(messageOf(error), 2000)}`);
  return EXIT.failed;
}

function parseDay(text: string): string {
  return new Date(readSetting(instant, text, '--from')).toISOString().slice(0, 10);
}

function positive(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('at least 1, please');
  return value;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('a whole number, please');
  return value;
}
