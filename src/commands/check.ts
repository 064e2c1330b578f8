import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tokenVariables } from '../config/set-up.ts';
import type { Context } from '../runs/context.ts';
import { EXIT, type ExitCode, messageOf, worstExit } from '../errors.ts';
import { printable } from '../platform/printable.ts';
import { checkSource, type Endpoint, type Finding, fine } from './check-source.ts';
import { checkSinks } from './check-sinks.ts';
import { table } from './table.ts';

/** Tokens, permissions per endpoint, clocks, vendor quirks and the disk. Changes nothing. */
export async function checkCommand(context: Context): Promise<ExitCode> {
  const { config, output, json, registry } = context;
  const findings = [await checkHome(config.home)];
  const endpoints: Endpoint[] = [];
  if (config.sources.length === 0) {
    findings.push({
      subject: 'sources',
      ok: false,
      detail: 'none is configured',
      hint: `set ${tokenVariables(registry)} (or …_TOKEN_FILE), or write auditlake.yaml`,
      exit: EXIT.usage,
    });
  }
  for (const source of config.sources) {
    const found = await checkSource(source, context);
    findings.push(...found.findings);
    endpoints.push(...found.endpoints);
  }
  findings.push(...(await checkSinks(context)));
  if (json) {
    const { origins } = config;
    output.line(JSON.stringify({ version: 1, origins, findings, endpoints }));
  } else output.line(screen(config.origins, findings, endpoints));
  const exits = [...findings, ...endpoints].map(({ exit }) => exit);
  return exits.includes(EXIT.usage) ? EXIT.usage : worstExit(exits);
}

function screen(
  origins: Record<string, string>,
  findings: readonly Finding[],
  endpoints: readonly Endpoint[],
): string {
  const unavailable = endpoints.filter(({ available }) => !available);
  return [
    table(['setting', 'comes from'], Object.entries(origins)),
    '',
    ...findings.flatMap(({ ok, subject, detail, hint }) => [
      `${ok ? 'ok' : 'NO'}  ${subject}: ${printable(detail, 400)}`,
      ...(hint === '' ? [] : [`    ${hint}`]),
    ]),
    '',
    ...(endpoints.length === 0 ? [] : [endpointTable(endpoints), '']),
    ...unavailable.flatMap(({ source, stream, detail, hint }) => [
      `NO  ${source}/${stream}: ${printable(detail, 400)}`,
      `    ${hint}`,
    ]),
  ].join('\n');
}

function endpointTable(endpoints: readonly Endpoint[]): string {
  const rows = endpoints.map(({ source, stream, endpoint, since, needs, available, detail }) => [
    available ? 'ok' : 'NO',
    `${source}/${stream}`,
    endpoint,
    needs ?? (since === null ? '' : `since ${since}`),
    available ? detail : 'why: below',
  ]);
  return table(['', 'stream', 'endpoint', 'takes', ''], rows);
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
        return {
          subject: 'home',
          ok: false,
          detail: `${home} cannot be written: ${messageOf(error)}`,
          hint: 'make it writable for this user, or set AUDITLAKE_HOME',
          exit: EXIT.usage,
        };
      }
    }
  }
}
