import { isAbsolute, resolve } from 'node:path';
import { usageError } from '../errors.ts';
import { DELIVERABLES } from '../load/tables.ts';
import { documentationOf } from '../settings/documentation.ts';
import { problemAt } from '../settings/problem.ts';
import type { ConfiguredSink, SinkType } from '../sinks/define.ts';
import { SINKS } from '../sinks/index.ts';
import type { Settings } from './lookup.ts';
import type { FileConfig } from './schema.ts';
import { readSecret } from './secret.ts';
import { checkSourceName } from './values.ts';

type FileSink = NonNullable<FileConfig['sinks']>[string];

export type SinkConfig = ConfiguredSink;

export function readSinks(settings: Settings, file: FileConfig): SinkConfig[] {
  const sinks = Object.entries(file.sinks ?? {}).map(([name, sink]) =>
    readSink(settings, name, sink),
  );
  const places = new Map<string, string>();
  for (const { name, declared, options } of sinks) {
    const place = declared.place(options);
    const other = place === null ? undefined : places.get(place);
    if (other !== undefined) {
      throw usageError(
        `sinks.${other} and sinks.${name} in ${settings.label} write to the same place`,
        'give each a file or folder of its own',
      );
    }
    if (place !== null) places.set(place, name);
  }
  return sinks;
}

function readSink(settings: Settings, name: string, sink: FileSink): SinkConfig {
  const at = `sinks.${name}`;
  checkSourceName(name, `${at} in ${settings.label}`);
  for (const key of Object.keys(sink)) settings.note(`${at}.${key}`, settings.label);
  const declared = SINKS.find(({ type }) => type === sink.type);
  if (declared === undefined) throw new Error(`no sink is declared with the type ${sink.type}`);
  const format = 'format' in sink ? (sink.format ?? 'auditlake') : 'auditlake';
  const configured = {
    options: readOptions(settings, at, declared, sink),
    secrets: readSecrets(settings, at, declared, sink),
    tables: declared.receives === 'files' ? [] : readTables(at, sink, format, settings.label),
    format,
  };
  const problem = declared.problem(configured);
  if (problem !== null) throw problemAt(`${at} in ${settings.label}`, problem);
  return { name, declared, ...configured };
}

function readOptions(
  { label, folder }: Settings,
  at: string,
  { options }: SinkType,
  sink: FileSink,
): Record<string, unknown> {
  const given = Object.entries(sink).flatMap(([key, value]) => {
    const option = options.shape[key];
    if (option === undefined) return [];
    const isPath = documentationOf(option).isPath && typeof value === 'string' && value !== '-';
    return [[key, isPath ? resolved(folder, value) : value] as const];
  });
  const parsed = options.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const hint = issue?.code === 'custom' ? issue.params?.['hint'] : undefined;
  throw usageError(
    `${at}.${issue?.path.join('.')} in ${label} ${issue?.message}`,
    typeof hint === 'string' ? hint : 'correct the file; docs/configuration.md lists every key',
  );
}

function resolved(folder: string, path: string): string {
  return isAbsolute(path) ? path : resolve(folder, path) + (path.endsWith('/') ? '/' : '');
}

function readSecrets(
  settings: Settings,
  at: string,
  { secrets }: SinkType,
  sink: FileSink,
): Record<string, string | null> {
  const part = sink as Record<string, string | undefined>;
  return Object.fromEntries(
    Object.entries(secrets).map(([key, option]) => {
      const secret = readSecret(settings, at, key, part);
      if (secret === null && option.required === true) {
        throw usageError(
          `${at} in ${settings.label} has no ${key}`,
          `add ${key}: "\${VARIABLE}" or ${key}File`,
        );
      }
      const wrong = secret === null ? null : option.problem?.(secret.text);
      if (secret !== null && wrong) throw problemAt(secret.where, wrong);
      return [key, secret?.text ?? null];
    }),
  );
}

function readTables(at: string, sink: FileSink, format: 'auditlake' | 'ocsf', label: string) {
  const byDefault = DELIVERABLES.filter(({ isDefault }) => isDefault).map(({ name }) => name);
  const tables = 'tables' in sink ? (sink.tables ?? byDefault) : byDefault;
  const stray = DELIVERABLES.find(
    ({ name, formats }) => tables.some((table) => table === name) && !formats.includes(format),
  );
  if (stray === undefined) return [...new Set<string>(tables)];
  throw usageError(
    `${at} in ${label}: ${stray.name} has no OCSF form`,
    'leave it out of tables, or use format: auditlake',
  );
}
