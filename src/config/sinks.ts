import { usageError } from '../errors.ts';
import { DELIVERABLES } from '../load/tables.ts';
import type { ConfiguredSink, SinkType } from '../sinks/define.ts';
import type { RowFormat } from '../sinks/port.ts';
import type { FileConfig } from './file-schema.ts';
import type { Lookup } from './lookup.ts';
import { checkName } from './names.ts';
import { type Part, readOwnOptions, refuse } from './own-options.ts';
import { readSecrets } from './secret.ts';
import { defaultTables } from './sink-schema.ts';

export type SinkConfig = ConfiguredSink;

/** A sink in the file, apart from what its type declares. */
type FileSink = {
  readonly [option: string]: unknown;
  readonly type: string;
  readonly tables?: readonly string[] | undefined;
  readonly format?: RowFormat | undefined;
};

/** @throws a usage error for the first sink that is wrong, and for two that write to the same place */
export function readSinks(
  lookup: Lookup,
  file: FileConfig,
  types: readonly SinkType[],
): SinkConfig[] {
  const byType = new Map(types.map((type) => [type.type, type]));
  const inFile = (file.sinks ?? {}) as Record<string, FileSink>;
  const places = new Map<string, string>();
  return Object.entries(inFile).flatMap(([name, given]) => {
    const declared = byType.get(given.type);
    if (declared === undefined) return [];
    const sink = readSink(lookup, declared, name, given);
    const place = declared.place(sink.options);
    const other = place === null ? undefined : places.get(place);
    if (other !== undefined) {
      throw usageError(
        `sinks.${other} and sinks.${name} in ${lookup.label} write to the same place`,
        'give each a file or folder of its own',
      );
    }
    if (place !== null) places.set(place, name);
    return [sink];
  });
}

function readSink(lookup: Lookup, declared: SinkType, name: string, given: FileSink): SinkConfig {
  const at = `sinks.${name}`;
  const where = `${at} in ${lookup.label}`;
  const part: Part = { at, where, inFile: given, hasVariables: false };
  checkName(name, where);
  for (const key of Object.keys(given)) lookup.note(`${at}.${key}`, lookup.label);
  const own = readOwnOptions(lookup, part, declared.options);
  const sink: SinkConfig = {
    name,
    declared,
    tables:
      declared.receives === 'rows' ? [...new Set(given.tables ?? defaultTables(declared))] : [],
    format: given.format ?? declared.formats[0] ?? 'auditlake',
    options: own.options,
    secrets: readSecrets(lookup, part, declared.secrets),
  };
  checkFormat(part, sink);
  refuse(part, own, declared.problem(sink));
  return sink;
}

function checkFormat({ where }: Part, { format, tables }: SinkConfig): void {
  const stray = DELIVERABLES.find(
    ({ name, formats }) => tables.includes(name) && !formats.includes(format),
  );
  if (stray === undefined) return;
  throw usageError(
    `${where}: ${stray.name} has no ${format.toUpperCase()} form`,
    'leave it out of tables, or use format: auditlake',
  );
}
