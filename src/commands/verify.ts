import { existsSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { batchGroups } from '../batch-groups.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode, messageOf, usageError } from '../errors.ts';
import { type Difference, differences } from '../load/differences.ts';
import { type LakeFault, verifyLake } from '../load/lake.ts';
import { beginGeneration, publishedGeneration } from '../load/warehouse.ts';
import { printable } from '../printable.ts';
import { Archive } from '../state/archive.ts';
import type { Head } from '../state/signing.ts';
import type { Fault } from '../state/faults.ts';
import { type ArchiveVerdict, verifyArchive } from '../state/verify-archive.ts';
import { loadTransform } from '../transform/transform.ts';

type WarehouseVerdict = { state: 'equal' | 'different' | 'absent' | 'unreadable'; what: string };

/**
 * The archive against its ledger, then the warehouse against the archive: what the archive gives is built beside it and
 * compared row by row. Then the lake's files against their manifest. Changes nothing.
 */
export async function verifyCommand(context: Context, heads: readonly Head[]): Promise<ExitCode> {
  const { layout, output, json } = context;
  if (!existsSync(layout.ledger)) {
    throw usageError(`there is no archive in ${layout.home}`, 'name its folder with --home');
  }
  const verdict = await verifyArchive(layout, {
    trusted: context.config.trustedKeys,
    heads,
    onProgress: (batches) => output.progress(`verify: ${batches} batches read`),
  });
  const warehouse: WarehouseVerdict =
    verdict.faults.length > 0
      ? { state: 'unreadable', what: 'not compared: the archive itself is not whole' }
      : await verifyWarehouse(context);
  const lake = await verifyLake(layout.home);
  const isGood =
    verdict.faults.length + lake.faults.length === 0 &&
    ['equal', 'absent'].includes(warehouse.state);
  if (json) {
    const outcome = isGood ? 'complete' : 'failed';
    output.line(JSON.stringify({ version: 1, outcome, ...verdict, warehouse, lake }));
  } else output.line(screen(verdict, warehouse, lake));
  return isGood ? EXIT.complete : EXIT.integrity;
}

async function verifyWarehouse(context: Context): Promise<WarehouseVerdict> {
  const { config, layout, output } = context;
  const published = await publishedGeneration(config.home);
  const transform = loadTransform();
  const link = await readlink(join(config.home, 'warehouse.duckdb')).catch(() => null);
  const expected = published === null ? null : `warehouse/${published.file}`;
  if (link !== expected) {
    return {
      state: 'different',
      what: `warehouse.duckdb leads to ${link ?? 'nothing'}, but ${expected ?? 'nothing'} was published; the next sync mends it`,
    };
  }
  if (published === null) {
    return { state: 'absent', what: 'there is no warehouse; `auditlake rebuild` makes it' };
  }
  if (published.transform_version !== transform.version) {
    return {
      state: 'absent',
      what: 'not compared: it was made by another version; the next sync makes it anew',
    };
  }
  const archive = await Archive.openForReading(layout);
  const fresh = await beginGeneration(
    { home: config.home, transform, onMessage: (text) => output.log.debug(text) },
    { fresh: true },
  );
  try {
    for await (const group of batchGroups(archive.batches(0))) {
      const known = group.filter((batch) => batch.seq <= published.seq);
      await fresh.apply(known);
      const last = known.at(-1)?.seq ?? published.seq;
      output.progress(`verify: built for comparison up to seq ${last} of ${published.seq}`);
    }
    await fresh.seal({ files: await archive.segmentFiles(), seq: published.seq });
    const found = await differences(published.path, fresh.path);
    if (found.length === 0)
      return { state: 'equal', what: `equal to the archive at seq ${published.seq}` };
    return { state: 'different', what: found.map(describe).join('; ') };
  } catch (error) {
    // Too little memory says nothing about the evidence.
    if (/Out of Memory/i.test(messageOf(error))) throw error;
    return {
      state: 'unreadable',
      what: `cannot be compared: ${messageOf(error)}; \`auditlake rebuild\` makes it anew`,
    };
  } finally {
    await fresh.finish();
  }
}

function describe({ table, onlyInWarehouse, onlyInArchive }: Difference): string {
  return `${table}: ${onlyInWarehouse} rows that the archive does not give, ${onlyInArchive} missing`;
}

function screen(
  verdict: ArchiveVerdict,
  warehouse: WarehouseVerdict,
  lake: { files: number; faults: LakeFault[] },
): string {
  const faults = verdict.faults.map((fault) => `FAULT  ${printable(faultText(fault), 500)}`);
  const { batches, records, ledgerLines, segments } = verdict;
  return [
    ...faults,
    `archive: ${verdict.faults.length} faults in ${ledgerLines} ledger lines of ${segments} segments, ${batches} batches, ${records} records`,
    signaturesText(verdict),
    `warehouse: ${warehouse.what}`,
    ...lake.faults.map(({ file, what }) => `FAULT  ${printable(file)}: ${printable(what)}`),
    lake.faults.length === 0
      ? `lake: ${lake.files} files as the manifest has them`
      : `lake: ${lake.faults.length} faults in ${lake.files} files; \`auditlake rebuild\` writes it anew`,
  ].join('\n');
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
  return `signatures: ${signatures.lines} lines signed up to seq ${signatures.up_to_seq} of ${seq}, ${by}`;
}
