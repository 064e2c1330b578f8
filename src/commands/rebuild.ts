import { diagnose } from '../runs/diagnose.ts';
import { diagnosisLines } from './diagnosis-lines.ts';
import { printReport } from './print.ts';
import { derivedLines } from './run-screen.ts';
import { NO_SECRETS, type Verb } from './verb.ts';

export const rebuild: Verb = {
  usage: 'rebuild',
  summary: 'make warehouse and lake again from the archive',
  examples: () => ['auditlake rebuild', 'auditlake rebuild --home /data'],
  async run({ open }) {
    const context = open(NO_SECRETS);
    const work = await import('../runs/rebuild.ts');
    return printReport(context, await work.rebuild(context), (document) =>
      [...diagnosisLines(diagnose(document)), ...derivedLines(document)].join('\n'),
    );
  },
};
