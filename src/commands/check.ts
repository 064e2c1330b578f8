import type { CheckDocument, Endpoint, Finding } from '../documents/check.ts';
import { printable } from '../platform/printable.ts';
import { printReport } from './print.ts';
import { table } from './table.ts';
import type { Verb } from './verb.ts';

export const check: Verb = {
  usage: 'check',
  summary: 'try tokens, endpoints, clocks, sinks and disk; changes nothing',
  examples: () => ['auditlake check', 'auditlake check --json'],
  async run({ open }) {
    const context = open();
    const work = await import('../runs/check/check.ts');
    const { width } = context.output;
    return printReport(context, await work.check(context), (document) => screen(document, width));
  },
};

/** What is wrong comes last: that is what a terminal still shows. */
function screen(
  { origins, values, findings, endpoints }: CheckDocument,
  width: number | null,
): string {
  const unavailable = endpoints.filter(({ available }) => !available);
  return [
    table(
      ['setting', 'value', 'comes from'],
      Object.entries(origins).map(([name, origin]) => [name, values[name] ?? '', origin]),
      width,
    ),
    '',
    ...(endpoints.length === 0 ? [] : [endpointTable(endpoints, width), '']),
    ...findings.filter(({ ok }) => ok).flatMap(findingLines),
    ...unavailable.flatMap(({ source, stream, detail, hint }) => [
      `NO  ${source}/${stream}: ${printable(detail, 400)}`,
      `    what to do: ${hint}`,
    ]),
    ...findings.filter(({ ok }) => !ok).flatMap(findingLines),
  ].join('\n');
}

function findingLines({ ok, subject, detail, hint }: Finding): string[] {
  return [
    `${ok ? 'ok' : 'NO'}  ${subject}: ${printable(detail, 400)}`,
    ...(hint === '' ? [] : [`    what to do: ${hint}`]),
  ];
}

function endpointTable(endpoints: readonly Endpoint[], width: number | null): string {
  const rows = endpoints.map(({ source, stream, since, needs, available, detail }) => [
    available ? 'ok' : 'NO',
    `${source}/${stream}`,
    available ? detail : 'why: below',
    takes(needs, since),
  ]);
  return table(['', 'stream', '', 'takes'], rows, width);
}

/** What an endpoint takes, as its vendor declares it: a permission, and the version that introduced it. */
function takes(needs: string | null, since: string | null): string {
  const version = since === null ? null : `version ${since}`;
  return [needs, version].filter((part) => part !== null).join(', ');
}
