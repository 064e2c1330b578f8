import { tokenVariables } from '../../config/set-up.ts';
import type { CheckDocument, Endpoint, Finding } from '../../documents/check.ts';
import { EXIT } from '../../errors.ts';
import { during } from '../../platform/progress.ts';
import { checkSinks } from './sinks.ts';
import { checkSource } from './source.ts';
import type { Context } from '../context.ts';
import { problem } from './finding.ts';
import { checkCountries } from './countries.ts';
import { checkHome } from './home.ts';
import { checkQuestions } from './questions.ts';
import { worstExit } from '../outcome.ts';
import type { Done } from '../run-streams.ts';

/** Tries tokens, permissions per endpoint, clocks, vendor quirks, sinks, the disk and the files of questions. Changes nothing and takes no lock. */
export async function check(context: Context): Promise<Done<CheckDocument>> {
  const { config, registry, output } = context;
  const findings: Finding[] = [
    await checkHome(context),
    ...(await checkCountries(context)),
    ...(await checkQuestions(context)),
  ];
  const endpoints: Endpoint[] = [];
  if (config.sources.length === 0) {
    const hint = `set ${tokenVariables(registry)} (or …_TOKEN_FILE), or write auditlake.yaml`;
    findings.push(problem('sources', 'none is configured', hint, EXIT.usage));
  }
  await during(output, 'checking', async (report) => {
    for (const source of config.sources) {
      const found = await checkSource(source, context, report);
      findings.push(...found.findings);
      endpoints.push(...found.endpoints);
    }
    findings.push(...(await checkSinks(context, report)));
  });
  const exits = [...findings, ...endpoints].map(({ exit }) => exit);
  return {
    document: { version: 1, origins: config.origins, values: config.values, findings, endpoints },
    exit: worstExit(exits),
  };
}
