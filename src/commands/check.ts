import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Context, openSource } from '../context.ts';
import {
  AuditlakeError,
  EXIT,
  type ExitCode,
  messageOf,
  VendorError,
  worstExit,
} from '../errors.ts';
import { planWindows } from '../extract/window-plan.ts';
import { EMPTY_CURSOR, type SourceReader } from '../model.ts';
import { printable } from '../printable.ts';
import { table } from './table.ts';

type Finding = { subject: string; ok: boolean; detail: string; hint: string; exit: ExitCode };

const DAY = 86_400_000;
const CLOCK_TOLERANCE_MS = 60_000;

/** Tokens, permissions per endpoint, clocks, vendor quirks and the disk. Changes nothing. */
export async function checkCommand(context: Context): Promise<ExitCode> {
  const { config, output, json } = context;
  const findings = [await checkHome(config.home)];
  if (config.sources.length === 0) {
    findings.push({
      subject: 'sources',
      ok: false,
      detail: 'none is configured',
      hint: 'set TABNINE_TOKEN or TABNINE_TOKEN_FILE, or write auditlake.yaml',
      exit: EXIT.usage,
    });
  }
  for (const source of config.sources) {
    const reader = openSource(context, source);
    try {
      findings.push(...(await checkSource(reader, context)));
    } finally {
      await reader.close();
    }
  }
  if (json) {
    output.line(JSON.stringify({ version: 1, origins: config.origins, findings }));
  } else {
    const origins = Object.entries(config.origins).map(([name, origin]) => [name, origin]);
    const rows = findings.map((f) => [f.ok ? 'ok' : 'NO', f.subject]);
    output.line(table(['setting', 'comes from'], origins));
    output.line('');
    for (const [i, [mark, subject]] of rows.entries()) {
      output.line(`${mark}  ${subject}: ${printable(findings[i]?.detail ?? '', 400)}`);
      if (findings[i]?.hint) output.line(`    ${findings[i]?.hint ?? ''}`);
    }
  }
  const exits = findings.map((finding) => finding.exit);
  return exits.includes(EXIT.usage) ? EXIT.usage : worstExit(exits);
}

async function checkSource(reader: SourceReader, context: Context): Promise<Finding[]> {
  const findings: Finding[] = [];
  let vendorNow: number | null;
  try {
    const identity = await reader.identify();
    vendorNow = identity.vendorNow;
    findings.push(fine(reader.source, `token accepted, organization ${identity.organizationId}`));
  } catch (error) {
    return [failed(reader.source, error, true)];
  }
  const skew = vendorNow === null ? 0 : context.now() - vendorNow;
  if (Math.abs(skew) > CLOCK_TOLERANCE_MS) {
    findings.push({
      subject: `${reader.source}: clock`,
      ok: false,
      detail: `ours is ${Math.round(skew / 1000)} s ahead of the vendor's`,
      hint: 'let this machine keep its time by NTP; until then windows end at the earlier of both clocks',
      exit: EXIT.complete,
    });
  }
  for (const stream of reader.streams) {
    const subject = `${reader.source}/${stream.stream}`;
    const window =
      stream.kind === 'snapshot'
        ? null
        : (planWindows({
            cursor: EMPTY_CURSOR,
            start: context.now() - 7 * DAY,
            lookback: context.config.lookback,
            settle: context.config.settle,
            ourNow: context.now(),
            vendorNow,
          }).windows[0] ?? null);
    try {
      let detail = 'available, empty';
      if (stream.kind === 'snapshot' || window !== null) {
        for await (const page of stream.read(window)) {
          detail = `available, ${page.note.records} records on the first page`;
          break;
        }
      }
      findings.push(fine(subject, detail));
    } catch (error) {
      findings.push(failed(subject, error, stream.required));
    }
  }
  for (const quirk of reader.observed().quirks) {
    findings.push(fine(`${reader.source}: met`, `${quirk.code}: ${quirk.what}`));
  }
  return findings;
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

function fine(subject: string, detail: string): Finding {
  return { subject, ok: true, detail, hint: '', exit: EXIT.complete };
}

function failed(subject: string, error: unknown, required: boolean): Finding {
  if (!(error instanceof AuditlakeError)) throw error;
  const isNo =
    error instanceof VendorError && (error.fault === 'forbidden' || error.fault === 'absent');
  const exit = isNo && !required ? EXIT.complete : error.exit;
  return { subject, ok: false, detail: error.message, hint: error.hint, exit };
}
