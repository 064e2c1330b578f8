import type { ReportDocument } from '../documents/report.ts';
import { EXIT, usageError } from '../errors.ts';
import type { Millis } from '../model.ts';
import { printable } from '../platform/printable.ts';
import { DAY, isoDay } from '../platform/time.ts';
import type { Scope } from '../report/scope.ts';
import { instant } from '../settings/instant.ts';
import { readSetting } from '../settings/problem.ts';
import { onlyOne } from './only-one.ts';
import { outsideHome } from './outside-home.ts';
import { print } from './print.ts';
import { NO_SECRETS, portNumber, type Verb } from './verb.ts';
import { counted } from '../platform/counted.ts';

type ReportOptions = {
  from?: string;
  to?: string;
  person?: string;
  team?: string;
  vendor?: string;
  output?: string;
  evidence?: string;
  serve?: boolean;
  port?: number;
};

export const report: Verb<ReportOptions> = {
  usage: 'report',
  summary: 'one HTML page for people: verdict, coverage, risky changes, access, use and cost',
  examples: () => [
    'auditlake report --from 2026-10-01 --to 2026-11-01 --output october.html',
    'auditlake report --person ann@acme.test --evidence ann-evidence',
  ],
  options: (command) =>
    command
      .option('--from <time>', 'where the period begins (default: 30 days before its end)')
      .option('--to <time>', 'where it ends, exclusive (default: now)')
      .option('--person <address>', 'only what this person did and what was done to them')
      .option('--team <name>', 'only the people of this team')
      .option('--vendor <type>', 'only this vendor')
      .option('--output <file>', 'where the page is written (default: report.html)')
      .option(
        '--evidence <dir>',
        'write the page into this folder, with proofs of the events in it, keys and a checker',
      )
      .option('--serve', 'serve it on loopback instead, built anew for every request')
      .option('--port <n>', 'with --serve: port on 127.0.0.1; 0 takes a free one', portNumber),
  async run({ options, open }) {
    const { evidence, serve = false, port, output } = options;
    onlyOne({ output: output !== undefined, evidence: evidence !== undefined, serve });
    if (port !== undefined && !serve) throw usageError('--port needs --serve', 'add --serve');
    // The manifest of the evidence is signed.
    const context = open(evidence === undefined ? NO_SECRETS : ['sources', 'sinks']);
    const scope = scopeOf(options, context.now());
    if (serve) {
      const { serveReport } = await import('./report-service.ts');
      await serveReport(context, { port: port ?? 0, scopeAt: (now) => scopeOf(options, now) });
      return EXIT.complete;
    }
    if (evidence !== undefined) {
      const folder = await outsideHome(context, '--evidence', evidence);
      const { writeEvidence } = await import('../runs/report/evidence.ts');
      return print(context, await writeEvidence(context, scope, folder), screen);
    }
    const file = await outsideHome(context, '--output', output ?? 'report.html');
    const { writeReport } = await import('../runs/report/write.ts');
    return print(context, await writeReport(context, scope, file), screen);
  },
};

const DEFAULT_DAYS = 30;

/** Days of a default period are whole: a chart by day would else begin in the middle of one. */
function scopeOf({ from, to, person, team, vendor }: ReportOptions, now: Millis): Scope {
  const end = to === undefined ? now : readSetting(instant, to, '--to');
  const begin =
    from === undefined
      ? Math.floor(end / DAY) * DAY - DEFAULT_DAYS * DAY
      : readSetting(instant, from, '--from');
  if (begin >= end) throw usageError('--from is not before --to', 'give a time before it');
  return {
    from: begin,
    to: end,
    person: person ?? null,
    team: team ?? null,
    vendor: vendor ?? null,
  };
}

function screen({ file, bytes, verdict, period, cited, evidence }: ReportDocument): string {
  const days = `${isoDay(Date.parse(period.from))} to ${isoDay(Date.parse(period.to) - 1)}`;
  return [
    `report    ${file}, ${Math.ceil(bytes / 1024)} KB, ${days}`,
    `verdict   ${printable(verdict)}`,
    ...(evidence === undefined ? [] : evidenceLines(cited, evidence)),
  ].join('\n');
}

function evidenceLines(
  cited: number,
  { proofs, files, key }: NonNullable<ReportDocument['evidence']>,
): string[] {
  return [
    `proofs    of ${counted(cited, 'event')} in ${counted(proofs, 'file')}`,
    key === null
      ? `manifest  of ${counted(files, 'file')}, NOT SIGNED: no signing key is configured, so it vouches for nothing by itself`
      : `manifest  of ${counted(files, 'file')}, signed by the key ${key}`,
  ];
}
