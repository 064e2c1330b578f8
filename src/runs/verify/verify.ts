import { existsSync } from 'node:fs';
import type { VerifyDocument } from '../../documents/verify.ts';
import { EXIT, type ExitCode, usageError } from '../../errors.ts';
import { verifyArchive } from '../../evidence/verify-archive.ts';
import { verifyLake, verifyLakeRows } from '../../load/lake/lake.ts';
import { type Published, publishedGeneration } from '../../load/warehouse/begin.ts';
import type { Head } from '../../state/head.ts';
import type { Context } from '../context.ts';
import { firstDayKept } from '../derive.ts';
import { outcomeOf, worstExit } from '../outcome.ts';
import type { Done } from '../run-streams.ts';
import { verifyWarehouse, type WarehouseVerdict } from './warehouse.ts';

export type VerifyRequest = {
  /** That were kept elsewhere. */
  heads: readonly Head[];
  /** How many days per log are compared with the vendor; null for none. */
  days: number | null;
};

/**
 * The archive against its ledger, the warehouse against the archive, the lake against its manifest, and if asked for the
 * archive against the vendor. Only the last one writes: what was missing is read and archived.
 */
export async function verify(
  context: Context,
  { heads, days }: VerifyRequest,
): Promise<Done<VerifyDocument>> {
  const verified = await verifyHome(context, heads);
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

async function verifyHome(context: Context, heads: readonly Head[]): Promise<Verified> {
  const { layout, output, config } = context;
  if (!existsSync(layout.ledger)) {
    throw usageError(`there is no archive in ${layout.home}`, 'name its folder with --home');
  }
  const archive = await verifyArchive(layout, {
    trusted: config.trustedKeys,
    heads,
    onProgress: (batches) => output.progress(`verify: ${batches} batches read`),
  });
  const published = await publishedGeneration(config.home);
  const { warehouse, differences } =
    archive.faults.length > 0 ? NOT_COMPARED : await verifyWarehouse(context, published);
  const lake = await lakeVerdict(context, warehouse.state === 'equal' ? published : null);
  const isUnfinished = archive.unfinished.length > 0 || lake.behind !== null;
  const exit = exitOf(archive.faults.length + lake.faults.length, warehouse.state, isUnfinished);
  return { ...archive, warehouse, differences, lake, exit };
}

/** What is bad is the evidence; what merely is not up to date is mended by the next sync. */
function exitOf(
  faults: number,
  state: VerifyDocument['warehouse']['state'],
  isUnfinished: boolean,
): ExitCode {
  if (faults > 0 || state === 'different' || state === 'unreadable') return EXIT.integrity;
  // Whoever alters the note of the version must not get "complete" for a warehouse that was not compared.
  return state === 'equal' && !isUnfinished ? EXIT.complete : EXIT.incomplete;
}

/**
 * The files against their manifest, and their rows against the warehouse.
 *
 * @param reliable the generation to compare with; null if it cannot be relied on
 */
async function lakeVerdict(
  { config, now }: Context,
  reliable: Published | null,
): Promise<VerifyDocument['lake']> {
  const { home, lake } = config;
  const files = await verifyLake(home);
  if (lake === null || reliable === null || files.faults.length > 0) {
    return { ...files, behind: null };
  }
  const { faults, behind } = await verifyLakeRows(home, reliable, firstDayKept(lake, now()));
  return { ...files, faults, behind };
}

const NOT_COMPARED: WarehouseVerdict = {
  warehouse: { state: 'unreadable', what: 'not compared: the archive itself is not whole' },
  differences: [],
};
