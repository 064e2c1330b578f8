import { existsSync } from 'node:fs';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode, usageError } from '../errors.ts';
import type { Difference } from '../load/differences/difference.ts';
import { type LakeFault, verifyLake } from '../load/lake.ts';
import { printable } from '../printable.ts';
import { type ArchiveVerdict, verifyArchive } from '../state/verify-archive.ts';
import { counts, verifyWarehouse, type WarehouseVerdict } from './verify-warehouse.ts';

/** A row is named by a few columns, a summary has a part for every table. */
const MAX_TEXT = 2_000;

/**
 * The archive against its ledger, then the warehouse against the archive: what the archive gives is built beside it and
 * compared row by row. Then the lake's files against their manifest. Changes nothing.
 */
export async function verifyCommand(context: Context): Promise<ExitCode> {
  const { layout, output, json } = context;
  if (!existsSync(layout.ledger)) {
    throw usageError(`there is no archive in ${layout.home}`, 'name its folder with --home');
  }
  const verdict = await verifyArchive(layout, (batches) =>
    output.progress(`verify: ${batches} batches read`),
  );
  const { warehouse, differences }: WarehouseVerdict =
    verdict.faults.length > 0
      ? {
          warehouse: {
            state: 'unreadable',
            what: 'not compared: the archive itself is not whole',
          },
          differences: [],
        }
      : await verifyWarehouse(context);
  const lake = await verifyLake(layout.home);
  const isGood =
    verdict.faults.length + lake.faults.length === 0 &&
    ['equal', 'absent'].includes(warehouse.state);
  if (json) {
    const outcome = isGood ? 'complete' : 'failed';
    output.line(JSON.stringify({ version: 1, outcome, ...verdict, warehouse, differences, lake }));
  } else output.line(screen(verdict, warehouse.what, differences, lake));
  return isGood ? EXIT.complete : EXIT.integrity;
}

function screen(
  verdict: ArchiveVerdict,
  warehouse: string,
  differences: readonly Difference[],
  lake: { files: number; faults: LakeFault[] },
): string {
  const faults = verdict.faults.map(({ file, line, seq, what }) => {
    const place = `${file}${line === null ? '' : `, line ${line}`}${seq === null ? '' : `, seq ${seq}`}`;
    return `FAULT  ${printable(place)}: ${printable(what)}`;
  });
  const { batches, records, ledgerLines, segments } = verdict;
  return [
    ...faults,
    `archive: ${verdict.faults.length} faults in ${ledgerLines} ledger lines of ${segments} segments, ${batches} batches, ${records} records`,
    ...differences.flatMap(differenceLines),
    `warehouse: ${printable(warehouse, MAX_TEXT)}`,
    ...lake.faults.map(({ file, what }) => `FAULT  ${printable(file)}: ${printable(what)}`),
    lake.faults.length === 0
      ? `lake: ${lake.files} files as the manifest has them`
      : `lake: ${lake.faults.length} faults in ${lake.files} files; \`auditlake rebuild\` writes it anew`,
  ].join('\n');
}

/** One line for the place and one for each row that is named. */
function differenceLines(difference: Difference): string[] {
  const { table, source, stream, day, rows } = difference;
  const place = [table, source, stream, day].filter((part) => part !== null).join(', ');
  return [
    `FAULT  ${printable(place)}: ${counts([difference])}`,
    ...rows.map((row) => `       ${printable(JSON.stringify(row), MAX_TEXT)}`),
  ];
}
