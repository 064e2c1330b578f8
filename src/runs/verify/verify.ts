import { during } from '../../platform/progress.ts';
import { existsSync } from 'node:fs';
import type { VerifyDocument } from '../../documents/verify.ts';
import { EXIT, type ExitCode, usageError } from '../../errors.ts';
import type { NoteJudge } from '../../platform/notary.ts';
import { isNoteSignedBy } from '../../state/signing.ts';
import type { Head } from '../../state/head.ts';
import type { Context } from '../context.ts';
import { takeLock } from '../../state/lock.ts';
import { outcomeOf, worstExit } from '../outcome.ts';
import type { WhichDays } from '../reconcile.ts';
import type { Done } from '../run-streams.ts';
import { lakeVerdict } from './lake.ts';
import { verifyMirror } from './mirror.ts';
import { verifyArchiveSince } from './since.ts';
import { noteVerdict } from './note.ts';
import { settled } from './settled.ts';
import { type LookAtLake, lookAtWarehouse, NOT_COMPARED, verifyWarehouse } from './warehouse.ts';

type VerifyRequest = {
  /** That were kept elsewhere. */
  heads: readonly Head[];
  /** Looks at what came since the last verification alone, if there was one. */
  sinceLast: boolean;
  /** The sink whose copy of the home is compared; null for none. */
  mirror: string | null;
  /** Which days of the logs are compared with the vendor; null for none. */
  days: WhichDays | null;
};

/**
 * The archive against its ledger, the warehouse against the archive, the lake against its manifest, and if asked for the
 * archive against the vendor. What was missing there is read and archived; else nothing is written but how far the archive is right.
 */
export async function verify(
  context: Context,
  request: VerifyRequest,
): Promise<Done<VerifyDocument>> {
  const { days } = request;
  const verified = await verifyHome(context, request);
  // Nothing is added to an archive that is not whole.
  const isWhole = verified.exit !== EXIT.integrity;
  // Loaded only then: who verifies a copy needs no HTTP.
  const compared =
    days === null || !isWhole
      ? null
      : await (await import('../reconcile.ts')).reconcile(context, days);
  const exit = worstExit([verified.exit, compared?.exit ?? EXIT.complete]);
  const document: VerifyDocument = {
    version: 1,
    outcome: outcomeOf(exit),
    ...verified,
    against_source: compared?.document ?? null,
  };
  return { document, exit, rowsOnStdout: compared?.rowsOnStdout ?? false };
}

type Verified = Omit<VerifyDocument, 'version' | 'outcome' | 'against_source'>;

async function verifyHome(
  context: Context,
  { heads, sinceLast, mirror: sink }: VerifyRequest,
): Promise<Verified> {
  const { layout, output, config } = context;
  if (!existsSync(layout.ledger)) {
    throw usageError(`there is no archive in ${layout.home}`, 'name its folder with --home');
  }
  const { archive, since } = await verifyArchiveSince(context, { heads, sinceLast });
  const { warehouse, differences, lake } = await verifyDerived(context, {
    isWhole: archive.faults.length === 0,
    sinceLast: since !== null,
    judge:
      archive.signatures.lines === 0
        ? null
        : {
            isGood: (kind, hash, signature) => {
              const home = archive.home ?? '';
              return isNoteSignedBy(config.trustedKeys, { kind, home, hash, signature });
            },
          },
  });
  await noteVerdict(context, { ...archive, since, warehouse, differences, lake });
  const isUnfinished =
    archive.unfinished.length > 0 || lake.unfinished.length > 0 || lake.behind !== null;
  const faults = archive.faults.length + lake.faults.length;
  const found = exitOf(faults, warehouse.state, isUnfinished);
  // A copy of what is not whole would be compared with the wrong thing.
  const mirror =
    sink === null || faults > 0
      ? null
      : await during(output, 'comparing the mirror', (report) =>
          verifyMirror(context, sink, report),
        );
  const exit = worstExit([found, mirrorExit(mirror)]);
  return { ...archive, since, warehouse, differences, lake, mirror, exit };
}

type Derived = Pick<VerifyDocument, 'warehouse' | 'differences' | 'lake'>;

/** The warehouse and the lake, which runs may replace while they are looked at. */
async function verifyDerived(
  context: Context,
  { isWhole, sinceLast, judge }: { isWhole: boolean; sinceLast: boolean; judge: NoteJudge | null },
): Promise<Derived> {
  const look = async (): Promise<Derived> => {
    const lookAtLake: LookAtLake = (rows) =>
      during(context.output, 'verifying the lake', () => lakeVerdict(context, rows));
    if (!isWhole) return { ...NOT_COMPARED, lake: await lookAtLake(null) };
    const { lake, ...found } = sinceLast
      ? await lookAtWarehouse(context, judge, lookAtLake)
      : await verifyWarehouse(context, lookAtLake);
    return { ...found, lake: lake ?? (await lookAtLake(null)) };
  };
  const isRight = ({ warehouse, lake }: Derived): boolean =>
    exitOf(lake.faults.length, warehouse.state, false) !== EXIT.integrity;
  const { found, hasChanged } = await settled(context.config.home, look, isRight, () =>
    takeLock(context.layout).catch(() => null),
  );
  if (!hasChanged) return found;
  const unfinished = [{ file: 'lake', what: REPLACED }];
  return {
    warehouse: { state: 'stale', what: REPLACED },
    differences: [],
    lake: { files: 0, behind: null, ...found?.lake, faults: [], unfinished },
  };
}

const REPLACED = 'runs replaced it each time while it was compared: verify once no run is at work';

/** What is bad is the evidence; what merely is not up to date is mended by the next sync. */
function exitOf(
  faults: number,
  state: VerifyDocument['warehouse']['state'],
  isUnfinished: boolean,
): ExitCode {
  if (faults > 0 || state === 'different' || state === 'unreadable') return EXIT.integrity;
  // Whoever alters the note of the version must not get "complete" for a warehouse that was not compared.
  const isRight = state === 'equal' || state === 'as-published';
  return isRight && !isUnfinished ? EXIT.complete : EXIT.incomplete;
}

function mirrorExit(mirror: VerifyDocument['mirror']): ExitCode {
  if (mirror === null) return EXIT.complete;
  if (mirror.faults.length > 0) return EXIT.integrity;
  return mirror.behind ? EXIT.incomplete : EXIT.complete;
}
