import { instant } from '../settings/instant.ts';
import { readSetting } from '../settings/problem.ts';
import { printReport } from './print.ts';
import { runScreen } from './run-screen.ts';
import type { Verb } from './verb.ts';

export const backfill: Verb<{ from: string; to: string; verbose?: boolean }> = {
  usage: 'backfill [streams...]',
  summary: 'read an old window again; moves no watermark',
  examples: ({ source, stream }) => [
    'auditlake backfill --from 2025-01-01 --to 2025-02-01',
    `auditlake backfill --from 2025-01-31T06:00:00Z --to 2025-01-31T18:00:00Z ${source}/${stream}`,
  ],
  options: (command) =>
    command
      .requiredOption('--from <time>', 'where it begins: a date or instant in UTC (required)')
      .requiredOption('--to <time>', 'where it ends, exclusive (required)')
      .option('--verbose', 'every stream, also those without anything new'),
  async run({ args, options, open, waited }) {
    const context = open();
    const window = {
      from: readSetting(instant, options.from, '--from'),
      to: readSetting(instant, options.to, '--to'),
    };
    const work = await import('../runs/backfill.ts');
    return printReport(context, await work.backfill(context, args, window), (document) =>
      runScreen(document, {
        home: context.config.home,
        ms: waited(),
        isVerbose: options.verbose === true,
      }),
    );
  },
};
