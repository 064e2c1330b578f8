import type { RunDocument } from '../documents/run.ts';
import type { VerifyDocument } from '../documents/verify.ts';
import { printable } from '../platform/printable.ts';
import { table } from './table.ts';
import { counted } from '../platform/counted.ts';

/** A row is named by a few columns, a summary has a part for every table. */
const MAX_TEXT = 2_000;

/** What `verify` found, for a person. */
export function verifyScreen(document: VerifyDocument): string {
  const { faults, unfinished, differences, warehouse, lake, mirror, against_source } = document;
  const { batches, records, ledgerLines, segments, pruned } = document;
  const removed = pruned === 0 ? '' : `, ${pruned} of them pruned`;
  return [
    ...faults.map((fault) => `FAULT  ${printable(faultText(fault), 500)}`),
    ...unfinished.map((left) => `UNFINISHED  ${printable(faultText(left), 500)}`),
    `archive: ${counted(faults.length, 'fault')} in ${counted(ledgerLines, 'ledger line')} of ${counted(segments, 'segment')}, ${counted(batches, 'batch', 'batches')}${removed}, ${counted(records, 'record')}`,
    ...sinceLines(document),
    signaturesText(document),
    ...differences.flatMap(differenceLines),
    `warehouse: ${printable(warehouse.what, MAX_TEXT)}`,
    ...lake.faults.map(({ file, what }) => `FAULT  ${printable(file)}: ${printable(what)}`),
    ...lake.unfinished.map(
      (left) => `UNFINISHED  ${printable(left.file)}: ${printable(left.what)}`,
    ),
    lakeText(lake),
    ...(mirror === null ? [] : mirrorLines(mirror)),
    ...(against_source?.streams ?? []).map(comparedStream),
  ].join('\n');
}

function sinceLines({ since }: VerifyDocument): string[] {
  if (since === null) return [];
  return [
    `since: of the batches up to seq ${since.seq} the size alone was looked at; all was verified last at ${since.full_at}`,
  ];
}

type Fault = VerifyDocument['faults'][number];

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

function signaturesText({ signatures, seq }: VerifyDocument): string {
  if (signatures.up_to_seq === null) {
    return 'signatures: none; without a signed head or one kept elsewhere nobody can show that the end was not cut off';
  }
  const by = signatures.trusted
    ? 'by a trusted key'
    : 'each by the key that it names; set trustedKeys to say which are good';
  return `signatures: ${counted(signatures.lines, 'line')} signed, from seq ${signatures.from_seq} to ${signatures.up_to_seq} of ${seq}, ${by}`;
}

/** One line for the place and one for each row that is named. */
function differenceLines(difference: VerifyDocument['differences'][number]): string[] {
  const { table: name, source, stream, day, rows } = difference;
  const { only_in_warehouse, only_in_archive } = difference;
  const place = [name, source, stream, day].filter((part) => part !== null).join(', ');
  return [
    `FAULT  ${printable(place)}: ${counted(only_in_warehouse, 'row')} that the archive does not give, ${only_in_archive} missing`,
    ...rows.map((row) => `       ${printable(JSON.stringify(row), MAX_TEXT)}`),
  ];
}

function lakeText({ files, faults, behind }: VerifyDocument['lake']): string {
  if (faults.length > 0) {
    return `lake: ${counted(faults.length, 'fault')} in ${counted(files, 'file')}; \`auditlake rebuild\` writes it anew`;
  }
  const late =
    behind === null ? '' : `, but at seq ${behind}: the next sync brings it up to the warehouse`;
  return `lake: ${counted(files, 'file')} as the manifest has them${late}`;
}

function mirrorLines({
  sink,
  files,
  faults,
  seq,
  behind,
}: NonNullable<VerifyDocument['mirror']>): string[] {
  const late = behind ? ': it lacks what came after; the next delivery brings it' : '';
  return [
    ...faults.map(({ file, what }) => `FAULT  ${sink}: ${printable(file)} ${printable(what)}`),
    `${sink}: ${counted(faults.length, 'fault')} in ${counted(files, 'file')}, up to seq ${seq}${late}`,
  ];
}

const HEADER = ['day', 'state', 'archived', 'vendor', 'served', 'new', 'note'];

/** What the comparison with the vendor found: a line for each day that was not simply equal. */
function comparedStream(compared: RunDocument['streams'][number]): string {
  const { source, stream, checked = [], error } = compared;
  const healed = checked.reduce((sum, day) => sum + day.new_records, 0);
  const rows = checked
    .filter(
      ({ state, new_records, note }) => state !== 'complete' || new_records > 0 || note !== null,
    )
    .map((day) => [
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
      : `${counted(checked.length, 'day')} from ${checked[0]?.day} to ${checked.at(-1)?.day}`;
  return [
    `${source}/${stream}: ${range} compared with the vendor, ${counted(healed, 'missing event')} found and archived`,
    ...(rows.length === 0 ? [] : [table(HEADER, rows)]),
    ...(error === undefined
      ? []
      : [`  ${printable(error.message, 500)}`, `  what to do: ${error.hint}`]),
  ].join('\n');
}
