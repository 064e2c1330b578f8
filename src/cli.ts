import { setMaxListeners } from 'node:events';
import { Command, CommanderError } from 'commander';
import { ask } from './commands/ask.ts';
import { backfill } from './commands/backfill.ts';
import { check } from './commands/check.ts';
import { completion } from './commands/completion.ts';
import { deliver } from './commands/deliver.ts';
import { demo } from './commands/demo.ts';
import { detect } from './commands/detect.ts';
import { errorLine, explain } from './commands/explain.ts';
import { init } from './commands/init.ts';
import { prune } from './commands/prune.ts';
import { query } from './commands/query.ts';
import { rebuild } from './commands/rebuild.ts';
import { report } from './commands/report.ts';
import { sandbox } from './commands/sandbox.ts';
import { schedule } from './commands/schedule.ts';
import { status } from './commands/status.ts';
import { sync } from './commands/sync.ts';
import type { Example, Globals, Verb } from './commands/verb.ts';
import { verify } from './commands/verify.ts';
import type { SecretPart } from './config/file.ts';
import { REGISTRY } from './config/registry.ts';
import { exampleStream } from './config/set-up.ts';
import { EXIT, type ExitCode, usageError } from './errors.ts';
import { version } from './platform/version.ts';
import { type Context, type Invocation, openContext } from './runs/context.ts';

/** In the order in which the help lists them. */
const VERBS = [
  init,
  sync,
  status,
  query,
  ask,
  detect,
  report,
  verify,
  backfill,
  prune,
  rebuild,
  deliver,
  check,
  schedule,
  demo,
  sandbox,
  completion,
];

/**
 * Runs one command line and returns its exit code. Everything that goes wrong ends as a message on `stderr`. Several may run at
 * the same time, each on a home of its own.
 */
export async function main(invocation: Invocation): Promise<ExitCode> {
  const startedAt = performance.now();
  const waited = (): number => performance.now() - startedAt;
  const { argv, signal, registry = REGISTRY } = invocation;
  // Every request under way listens to it: more than the ten that Node takes for a leak.
  setMaxListeners(0, signal);
  let exit: ExitCode = EXIT.complete;
  let secrets: readonly string[] = [];
  let called: Globals = {};
  const open = (
    globals: Globals,
    without: readonly SecretPart[],
    takesGenerated: boolean,
  ): Context => {
    const { config: configFile, home, json, quiet } = globals;
    const context = openContext(invocation, {
      configFile,
      home,
      json,
      quiet,
      without,
      takesGenerated,
    });
    ({ secrets } = context.config);
    return context;
  };
  const program = programFor(invocation);
  const { source, stream } = exampleStream(registry);
  const example = { source, stream, event: `${source}:evt_01` };
  for (const verb of VERBS) {
    addVerb(program, verb, example, async (args, globals, options) => {
      called = globals;
      // Commander has checked the options as the verb declares them.
      const call = { args, globals, options: options as never, invocation, waited, program };
      exit = await verb.run({
        ...call,
        open: (without = [], { takesGenerated = false } = {}) =>
          open(globals, without, takesGenerated),
      });
    });
  }
  try {
    await program.parseAsync(argv.map(asOperand), { from: 'user' });
    return exit;
  } catch (error) {
    // Commander has printed its own: help and version end well, anything else is a usage error.
    if (error instanceof CommanderError) return afterParsing(error, invocation);
    return explain(error, secrets, called, invocation);
  }
}

/** Commander has printed what is wrong, for people. */
function afterParsing({ exitCode, message }: CommanderError, invocation: Invocation): ExitCode {
  if (exitCode === 0) return EXIT.complete;
  const { argv, stdout } = invocation;
  if (argv.includes('--json')) {
    stdout.write(`${errorLine(usageError(message, '--help shows the options'))}\n`);
  }
  return EXIT.usage;
}

/** SQL may begin with a comment, which would look like an option. */
function asOperand(text: string): string {
  return /^--(?:\s|[^\s=]*\n)/.test(text) ? ` ${text}` : text;
}

function programFor({ stdout, stderr }: Invocation): Command {
  const program = new Command('auditlake')
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
    .showHelpAfterError('(--help shows the options)');
  return withGlobals(program);
}

type Run = (args: readonly string[], globals: Globals, options: object) => Promise<void>;

function addVerb(
  program: Command,
  verb: Pick<Verb, 'usage' | 'summary' | 'examples' | 'options'>,
  example: Example,
  run: Run,
): void {
  const { usage, summary, examples, options } = verb;
  const command = program.command(usage).description(summary).exitOverride();
  command.addHelpText('after', `\nExamples:\n  ${examples(example).join('\n  ')}`);
  options?.(command);
  // After its own, which are what somebody looks for who asks a verb for help.
  withGlobals(command);
  command.action(async () => {
    await run(command.args, command.optsWithGlobals<Globals>(), command.opts());
  });
}

function withGlobals(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: auditlake.yaml, if there is one)')
    .option('--home <dir>', 'folder of archive, warehouse and lake (default: ./auditlake-data)')
    .option('--json', 'print one JSON document')
    .option('--quiet', 'no remarks and no progress; errors only');
}
