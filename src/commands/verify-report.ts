import type { ExitCode } from '../errors.ts';
import type { Difference } from '../load/differences/difference.ts';
import type { LakeFault } from '../load/lake/lake.ts';
import { printable } from '../platform/printable.ts';
import type { RunReport } from '../runs/run.ts';
import type { Fault } from '../evidence/faults.ts';
import type { ArchiveVerdict } from '../evidence/verify-archive.ts';
import { table } from './table.ts';
import { counts, type WarehouseVerdict } from './verify-warehouse.ts';

export type Verified = WarehouseVerdict & {
  archive: ArchiveVerdict;
  lake: { files: number; faults: LakeFault[]; behind: number | null };
  exit: ExitCode;
};

/** A row is named by a few columns, a summary has a part for every table. */
const MAX_TEXT = 2_000;

/** What `verify` found, for a person. */
export function verdictScreen({ archive, warehouse, differences, lake }: Verified): string {
  const faults = archive.faults.map((fault) => `FAULT  ${printable(faultText(fault), 500)}`);
  const { batches, records, ledgerLines, segments, pruned } = archive;
  const removed = pruned === 0 ? '' : `, ${pruned} of them pruned`;
  return [
    ...faults,
    `archive: ${archive.faults.length} faults in ${ledgerLines} ledger lines of ${segments} segments, ${batches} batches${removed}, ${records} records`,
    signaturesText(archive),
    ...differences.flatMap(differenceLines),
    `warehouse: ${printable(warehouse.what, MAX_TEXT)}`,
    ...lake.faults.map(({ file, what }) => `FAULT  ${printable(file)}: ${printable(what)}`),
    lake.faults.length === 0
      ? `lake: ${lake.files} files as the manifest has them${lake.behind === null ? '' : `, but at seq ${lake.behind}: the next sync brings it up to the warehouse`}`
      : `lake: ${lake.faults.length} faults in ${lake.files} files; \`auditlake rebuild\` writes it anew`,
  ].join('\n');
}

/** What the comparison with the vendor found: a line for each day that was not simply equal. */
export function comparedDays({ streams }: RunReport): string {
  const lines = streams.map(({ source, stream, checked = [], error }) => {
    const healed = checked.reduce((sum, day) => sum + day.new_records, 0);
    const odd = checked.filter(
      ({ state, new_records, note }) => state !== 'complete' || new_records > 0 || note !== null,
    );
    const rows = odd.map((day) => [
      day.day,
      day.state,
      String(day.archived),
      String(day.vendor ?? ''),
      String(day.served ?? ''),
      String(day.new_records),
      printable(day.note ?? '', 200),
    ]);
    const range =
      checked.length === 0
        ? 'no closed day'
        : `${checked.length} days from ${checked[0]?.day} to ${checked.at(-1)?.day}`;
    return [
      `${source}/${stream}: ${range} compared with the vendor, ${healed} missing events found and archived`,
      ...(rows.length === 0
        ? []
        : [table(['day', 'state', 'archived', 'vendor', 'served', 'new', 'note'], rows)]),
      ...(error === undefined
        ? []
        : [`  ${printable(error.message, 500)}`, `  what to do: ${error.hint}`]),
    ].join('\n');
  });
  return lines.join('\n');
}

function faultText({ file, line, seq, what, committed_at, changed_at }: Fault): string {
  const place = [
    file,
    ...(line === null ? [] : [`line ${line}`]),
    ...(seq === null ? [] : [`seq ${seq}`]),
  ].join(', ');
  const since = [
    ...(committed_at === null ? [] : [`committed ${committed_at}`]),
    ...(changed_at === null ? [] : [`file changed ${changed_at}`]),
  ].join(', ');
  return `${place}: ${what}${since === '' ? '' : ` (${since})`}`;
}

function signaturesText({ signatures, seq }: ArchiveVerdict): string {
  if (signatures.up_to_seq === null) {
    return 'signatures: none; without a signed head or one kept elsewhere nobody can show that the end was not cut off';
  }
  const by = signatures.trusted
    ? 'by a trusted key'
    : 'each by the key that it names; set trustedKeys to say which are good';
  return `signatures: ${signatures.lines} lines signed, from seq ${signatures.from_seq} to ${signatures.up_to_seq} of ${seq}, ${by}`;
}

/** One line for the place and one for each row that is named. */
function differenceLines(difference: Difference): string[] {
  const { table: name, source, stream, day, rows } = difference;
  const place = [name, source, stream, day].filter((part) => part !== null).join(', ');
  return [
    `FAULT  ${printable(place)}: ${counts([difference])}`,
    ...rows.map((row) => `       ${printable(JSON.stringify(row), MAX_TEXT)}`),
  ];
}
