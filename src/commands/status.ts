import { instant } from '../settings/instant.ts';
import { readSetting } from '../settings/problem.ts';
import { usageError } from '../errors.ts';
import { print } from './print.ts';
import { coverageScreen, statusScreen } from './status-screen.ts';
import { NO_SECRETS, type Verb } from './verb.ts';

export const status: Verb<{ coverage?: boolean; from?: string; verbose?: boolean }> = {
  usage: 'status [streams...]',
  summary: 'what is archived, how fresh it is, how the last runs ended',
  examples: ({ source, stream }) => [
    'auditlake status',
    `auditlake status --coverage --from 2026-10-01 ${source}/${stream}`,
  ],
  options: (command) =>
    command
      .option(
        '--coverage',
        'per stream and day complete, provisional or gap; alarms set the exit code',
      )
      .option('--verbose', 'every stream, also those that are fine')
      .option('--from <date>', 'with --coverage: the first day to look at'),
  async run({ args, options, open }) {
    const context = open(NO_SECRETS);
    const { coverage = false, from, verbose: isVerbose = false } = options;
    if (!coverage && (from !== undefined || args.length > 0)) {
      throw usageError('--from and streams are for the coverage', 'add --coverage');
    }
    const day = from === undefined ? null : dayOf(from);
    const work = await import('../runs/status/status.ts');
    const done = await work.status(context, coverage ? { from: day, streams: args } : null);
    return print(context, done, (document) =>
      coverage
        ? coverageScreen(document, context.output.isRich)
        : statusScreen(document, {
            home: context.config.home,
            isVerbose,
            width: context.output.width,
          }),
    );
  },
};

function dayOf(text: string): string {
  return new Date(readSetting(instant, text, '--from')).toISOString().slice(0, 10);
}
