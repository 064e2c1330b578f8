import { existsSync } from 'node:fs';
import type { Context } from '../runs/context.ts';
import { EXIT, type ExitCode, usageError, worstExit } from '../errors.ts';
import { verifyLake, verifyLakeRows } from '../load/lake/lake.ts';
import { publishedGeneration } from '../load/warehouse/begin.ts';
import type { Head } from '../state/head.ts';
import { verifyArchive } from '../evidence/verify-archive.ts';
import { firstDayKept } from '../runs/derived.ts';
import type { Executed } from '../runs/execute.ts';
import { overall } from '../runs/outcome.ts';
import { reportJson } from './sync-report.ts';
import { comparedDays, verdictScreen, type Verified } from './verify-report.ts';
import { verifyWarehouse, type WarehouseVerdict } from './verify-warehouse.ts';

export type VerifyAsk = {
  /** That were kept elsewhere. */
  heads: readonly Head[];
  /** How many days per log are compared with the vendor; null for none. */
  days: number | null;
};

/**
 * The archive against its ledger, the warehouse against the archive, the lake against its manifest, and if asked for the
 * archive against the vendor. Only the last one writes: what was missing is read and archived.
 */
export async function verifyCommand(
  context: Context,
  { heads, days }: VerifyAsk,
): Promise<ExitCode> {
  const { output, json } = context;
  const verified = await verifyHome(context, heads);
  // Nothing is added to an archive that is not whole.
  const compared =
    days === null || verified.exit === EXIT.integrity ? null : await compareDays(context, days);
  const exit = worstExit([verified.exit, compared?.exit ?? EXIT.complete]);
  if (json) {
    const { archive, ...rest } = verified;
    const outcome = overall('complete', exit);
    const against =
      compared === null ? null : reportJson(compared.report, compared.derived, compared.delivered);
    output.line(
      JSON.stringify({ version: 1, outcome, ...archive, ...rest, against_source: against }),
    );
  } else {
    const lines = [
      verdictScreen(verified),
      ...(compared === null ? [] : [comparedDays(compared.report)]),
    ];
    // Where a sink has standard output for its rows, nothing else may stand there.
    if (compared?.rowsOnStdout === true) output.say(lines.join('\n'));
    else output.line(lines.join('\n'));
  }
  return exit;
}

/** Loaded only then: who verifies a copy needs no HTTP. */
async function compareDays(context: Context, days: number): Promise<Executed> {
  return (await import('./reconcile.ts')).reconcile(context, days);
}

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
  const { warehouse, differences } =
    archive.faults.length > 0 ? NOT_COMPARED : await verifyWarehouse(context);
  const lake = await lakeVerdict(context, warehouse.state);
  const isBad =
    archive.faults.length + lake.faults.length > 0 ||
    ['different', 'unreadable'].includes(warehouse.state);
  // Whoever alters the note of the version must not get "complete" for a warehouse that was not compared.
  const isWhole = warehouse.state === 'equal' && lake.behind === null;
  const rest = isWhole ? EXIT.complete : EXIT.incomplete;
  return { archive, warehouse, differences, lake, exit: isBad ? EXIT.integrity : rest };
}

/** The files against their manifest, and their rows against the warehouse, if that can be relied on. */
async function lakeVerdict(
  { config, now }: Context,
  warehouse: WarehouseVerdict['warehouse']['state'],
): Promise<Verified['lake']> {
  const { home, lake } = config;
  const files = await verifyLake(home);
  const published = await publishedGeneration(home);
  if (lake === null || warehouse !== 'equal' || published === null || files.faults.length > 0) {
    return { ...files, behind: null };
  }
  const { faults, behind } = await verifyLakeRows(home, published, firstDayKept(lake, now()));
  return { ...files, faults, behind };
}

const NOT_COMPARED: WarehouseVerdict = {
  warehouse: { state: 'unreadable', what: 'not compared: the archive itself is not whole' },
  differences: [],
};
