import { instant } from '../settings/instant.ts';
import { readSetting } from '../settings/problem.ts';
import { type ExitCode, usageError } from '../errors.ts';
import type { PruneRequest } from '../runs/prune.ts';
import { print } from './print.ts';
import { pruneLakeScreen, pruneScreen } from './prune-screen.ts';
import { type Call, NO_SECRETS, type Verb } from './verb.ts';

type PruneOptions = { before?: string; event?: string; reason?: string; yes?: boolean };

export const prune: Verb<PruneOptions & { lake?: boolean }> = {
  usage: 'prune [streams...]',
  summary: 'remove batches for good, and record it in the ledger',
  examples: ({ event }) => [
    'auditlake prune --before 2020-01-01 --reason "retention of five years"',
    `auditlake prune --event ${event} --reason "erasure request 17" --yes`,
  ],
  options: (command) =>
    command
      .option('--before <time>', 'batches whose events are all older')
      .option('--event <uid>', 'the batches that hold this event, with everything else in them')
      .option('--reason <text>', 'why; it is recorded in the ledger')
      .option('--yes', 'remove them; without it, only show what would be removed')
      .option('--lake', 'remove days past lake.retention instead, from the lake alone'),
  async run(call) {
    const { options } = call;
    if (options.lake === true) return await pruneLake(call);
    // The ledger is written, no vendor and no sink is asked.
    const context = call.open(['sources', 'sinks']);
    const request = requestOf(call.args, options);
    const work = await import('../runs/prune.ts');
    const pruned = await work.prune(context, request);
    for (const remark of pruned.remarks) context.output.say(remark);
    return print(context, pruned, pruneScreen);
  },
};

async function pruneLake({ args, options, open }: Call<PruneOptions>): Promise<ExitCode> {
  const context = open(NO_SECRETS);
  const { before, event, reason, yes } = options;
  const isAlone = [before, event, reason, yes].every((option) => option === undefined);
  if (args.length > 0 || !isAlone) {
    throw usageError('--lake takes no streams and no other option', 'prune the archive apart');
  }
  const work = await import('../runs/prune-lake.ts');
  return print(context, await work.pruneLake(context), pruneLakeScreen);
}

function requestOf(streams: readonly string[], options: PruneOptions): PruneRequest {
  const { before, event, reason, yes = false } = options;
  if ((before === undefined) === (event === undefined)) {
    throw usageError('say what is to be removed: --before or --event', 'one of the two');
  }
  if (reason === undefined || reason.trim() === '') {
    throw usageError('--reason is missing', 'say why: it stands in the ledger for good');
  }
  const what =
    event === undefined ? { before: readSetting(instant, before ?? '', '--before') } : { event };
  return { what, streams, reason, confirmed: yes };
}
