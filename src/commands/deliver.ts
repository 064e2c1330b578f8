import type { DeliverDocument } from '../documents/deliver.ts';
import { printReport } from './print.ts';
import { diagnosisLines } from './diagnosis-lines.ts';
import { derivedLines, sinkLines } from './run-screen.ts';
import { type Verb, wholeNumber } from './verb.ts';

export const deliver: Verb<{ fromSeq?: number }> = {
  usage: 'deliver [sinks...]',
  summary: 'deliver what the sinks do not have yet',
  examples: () => ['auditlake deliver', 'auditlake deliver siem --from-seq 1200'],
  options: (command) =>
    command.option(
      '--from-seq <n>',
      'deliver again from this seq on, even what was delivered before',
      wholeNumber,
    ),
  async run({ args, options, open }) {
    // No vendor is asked.
    const context = open(['sources']);
    const work = await import('../runs/deliver/deliver-now.ts');
    return printReport(
      context,
      await work.deliverNow(context, args, options.fromSeq ?? null),
      screen,
    );
  },
};

function screen({ warehouse, lake, sinks, diagnosis }: DeliverDocument): string {
  const isFine = warehouse.error === undefined && lake?.error === undefined;
  return [
    ...diagnosisLines(diagnosis),
    ...(isFine ? [] : derivedLines({ warehouse, lake })),
    ...sinkLines(sinks),
  ].join('\n');
}
