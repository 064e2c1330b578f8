import type { ExitCode } from '../errors.ts';
import type { Context } from '../runs/context.ts';
import { previewScreen } from './preview-screen.ts';
import { print, printReport } from './print.ts';
import { runScreen } from './run-screen.ts';
import type { Verb } from './verb.ts';

export const sync: Verb<{ preview?: boolean; beginSigning?: boolean; verbose?: boolean }> = {
  usage: 'sync [streams...]',
  summary: 'read what is new into archive, warehouse and lake, and deliver it',
  examples: ({ source, stream }) => [
    'auditlake sync',
    `auditlake sync ${source}/${stream} --preview`,
  ],
  options: (command) =>
    command
      .option('--preview', 'one page per stream: show what would be stored, write nothing')
      .option('--verbose', 'every stream, also those without anything new')
      .option('--begin-signing', 'the signing key is new: continue a ledger that is not signed'),
  async run({ args, options, open, waited }) {
    const context = { ...open(), beginsSigning: options.beginSigning === true };
    if (options.preview === true) return await preview(context, args);
    const work = await import('../runs/sync.ts');
    return printReport(context, await work.sync(context, args), (document) =>
      runScreen(document, {
        home: context.config.home,
        ms: waited(),
        isVerbose: options.verbose === true,
      }),
    );
  },
};

async function preview(context: Context, streams: readonly string[]): Promise<ExitCode> {
  const work = await import('../runs/preview.ts');
  const exit = print(context, await work.preview(context, streams), previewScreen);
  context.output.say('preview: nothing was written');
  return exit;
}
