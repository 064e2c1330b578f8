import { resolve } from 'node:path';
import type { SecretPart } from '../config/file.ts';
import type { ProofCheckDocument, ProofDocument } from '../documents/proof.ts';
import { type ExitCode, usageError } from '../errors.ts';
import { requestLine } from '../extract/target.ts';
import { printable } from '../platform/printable.ts';
import type { Context } from '../runs/context.ts';
import type { Head } from '../state/head.ts';
import { comparedDays, type DayOptions } from './compared-days.ts';
import { print, printReport } from './print.ts';
import { NO_SECRETS, positiveNumber, type Verb } from './verb.ts';
import { verifyScreen } from './verify-screen.ts';

type VerifyOptions = DayOptions & {
  head?: string;
  event?: string;
  proof?: string;
  mirror?: string;
  sinceLast?: boolean;
};

export const verify: Verb<VerifyOptions> = {
  usage: 'verify',
  summary: 'show that the archive is unaltered and the warehouse equal to it',
  examples: ({ event }) => [
    'auditlake verify --since-last --head heads.ndjson',
    `auditlake verify --event ${event} --proof evt_01.proof.json`,
  ],
  options: (command) =>
    command
      .option('--head <file>', 'compare with heads that were kept elsewhere, one per line')
      .option('--event <uid>', 'write the proof of one event into the file of --proof')
      .option('--proof <file>', 'check a proof; needs no archive')
      .option('--mirror <sink>', 'compare the home with the whole copy that a sink of files has')
      .option(
        '--since-last',
        'read only the batches since the last verification; all of them if there was none',
      )
      .option(
        '--against-source',
        'also compare closed days with the vendor, and read what is missing',
      )
      .option(
        '--days <n>',
        'days to compare per log, from where the last comparison ended (default: 31)',
        positiveNumber,
      )
      .option('--from <time>', 'compare the days from this time on instead')
      .option('--to <time>', 'the end of those days, exclusive'),
  async run({ options, open }) {
    const { head, event, proof, mirror, sinceLast = false } = options;
    const days = comparedDays(options);
    const context = opened(open, { days: days !== null, mirror: mirror !== undefined, sinceLast });
    const heads = head === undefined ? [] : await headsIn(context, head);
    if (event !== undefined && proof === undefined) {
      throw usageError('--event needs --proof', 'name the file that the proof is written to');
    }
    if (proof !== undefined) return await proofVerb(context, { event, proof, heads });
    const work = await import('../runs/verify/verify.ts');
    const verified = await work.verify(context, {
      heads,
      sinceLast,
      mirror: mirror ?? null,
      days,
    });
    return printReport(context, verified, verifyScreen);
  },
};

type Open = (without: readonly SecretPart[]) => Context;

function opened(
  open: Open,
  asked: { days: boolean; mirror: boolean; sinceLast: boolean },
): Context {
  if (asked.days) return open([]);
  if (asked.mirror) return open(['sources']);
  // It signs the note that the next verification continues from.
  return asked.sinceLast ? open(['sources', 'sinks']) : withKeys(open);
}

/** Verifying a copy takes no secret. Where no trusted keys are configured, the signing key says which one is. */
function withKeys(open: Open): Context {
  const context = open(NO_SECRETS);
  if (context.config.trustedKeys.length > 0) return context;
  return open(NO_SECRETS.filter((part) => part !== 'signing'));
}

async function headsIn({ cwd }: Context, file: string): Promise<Head[]> {
  return await (await import('../runs/verify/kept-heads.ts')).keptHeads(resolve(cwd, file));
}

async function proofVerb(
  context: Context,
  { event, proof, heads }: { event: string | undefined; proof: string; heads: readonly Head[] },
): Promise<ExitCode> {
  const work = await import('../runs/verify/prove.ts');
  if (event !== undefined) {
    return print(context, await work.proveEvent(context, event, proof), provedScreen);
  }
  return print(context, await work.checkProofIn(context, proof, heads), proofScreen);
}

function provedScreen({ file, head }: ProofDocument): string {
  const by = head.key === undefined ? 'not signed' : `signed by the key ${head.key}`;
  return `${file}: the event up to the head of seq ${head.seq}, ${by}`;
}

function proofScreen({ faults, vouched_by, head, page, ...about }: ProofCheckDocument): string {
  if (faults.length > 0) return faults.map((fault) => `FAULT  ${printable(fault)}`).join('\n');
  const vouched =
    vouched_by === null
      ? 'right in itself, but nobody vouches for it: its lines are not all signed by a key of trustedKeys; give these, or --head with a head that was kept'
      : vouched_by === 'kept head'
        ? 'the same as the head that was kept'
        : `signed by the trusted key ${head.key}`;
  return [
    `event     ${printable(about.event_uid)}`,
    `happened  ${about.occurred_at ?? 'at an unknown time'}`,
    `served    ${page.at} by ${printable(requestLine(page.request), 300)}`,
    ...(page.redaction === undefined
      ? []
      : [`hidden    texts in it, by the rule ${printable(page.redaction)}: all else is as served`]),
    `record    ${printable(about.record, 2000)}`,
    `head      seq ${head.seq} of ${head.home}, ${head.at}: ${vouched}`,
  ].join('\n');
}
