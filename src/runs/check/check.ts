import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tokenVariables } from '../../config/set-up.ts';
import type { CheckDocument, Endpoint, Finding } from '../../documents/check.ts';
import { EXIT, messageOf } from '../../errors.ts';
import { checkSinks } from './sinks.ts';
import { checkSource } from './source.ts';
import type { Context } from '../context.ts';
import { fine, problem } from './finding.ts';
import { worstExit } from '../outcome.ts';
import type { Done } from '../run-streams.ts';

/** Tries tokens, permissions per endpoint, clocks, vendor quirks, sinks and the disk. Changes nothing and takes no lock. */
export async function check(context: Context): Promise<Done<CheckDocument>> {
  const { config, registry } = context;
  const findings: Finding[] = [await checkHome(config.home)];
  const endpoints: Endpoint[] = [];
  if (config.sources.length === 0) {
    const hint = `set ${tokenVariables(registry)} (or …_TOKEN_FILE), or write auditlake.yaml`;
    findings.push(problem('sources', 'none is configured', hint, EXIT.usage));
  }
  for (const source of config.sources) {
    const found = await checkSource(source, context);
    findings.push(...found.findings);
    endpoints.push(...found.endpoints);
  }
  findings.push(...(await checkSinks(context)));
  const exits = [...findings, ...endpoints].map(({ exit }) => exit);
  return {
    document: { version: 1, origins: config.origins, values: config.values, findings, endpoints },
    exit: worstExit(exits),
  };
}

async function checkHome(home: string): Promise<Finding> {
  let folder = home;
  for (;;) {
    try {
      await access(folder, constants.W_OK);
      const { bavail, bsize } = await statfs(folder);
      const free = Math.round((bavail * bsize) / 2 ** 20);
      return fine('home', `${home} is writable, ${free} MiB free`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const parent = dirname(folder);
      if (code === 'ENOENT' && parent !== folder) folder = parent;
      else {
        const detail = `${home} cannot be written: ${messageOf(error)}`;
        const hint = 'make it writable for this user, or set AUDITLAKE_HOME';
        return problem('home', detail, hint, EXIT.usage);
      }
    }
  }
}
