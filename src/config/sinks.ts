import { isAbsolute, resolve } from 'node:path';
import { usageError } from '../errors.ts';
import type { BigQueryOptions } from '../sinks/bigquery/sink.ts';
import type { NdjsonOptions } from '../sinks/ndjson/sink.ts';
import type { S3Options } from '../sinks/s3/sink.ts';
import type { SplunkOptions } from '../sinks/splunk/sink.ts';
import type { FileConfig } from './schema.ts';
import { readSecret } from './secret.ts';
import type { Settings } from './lookup.ts';
import { checkSourceName, checkToken, parseBaseUrl, parseDuration } from './values.ts';

type FileSink = NonNullable<FileConfig['sinks']>[string];
type OfType<T extends FileSink['type']> = Extract<FileSink, { type: T }>;

type Common = { name: string; tables: string[] };

/** A receiver's options but for those that hold for all connections. */
type Own<Options> = Omit<Options, 'timeout' | 'caFile' | 'rowsPerJob'>;

/** A receiver as configured; what is null is the receiver's or its client's own default. */
export type SinkConfig = Common &
  (
    | ({ type: 'splunk-hec' } & Own<SplunkOptions>)
    | ({ type: 'bigquery' } & Own<BigQueryOptions>)
    | ({ type: 's3' } & Own<S3Options>)
    | ({ type: 'ndjson' } & NdjsonOptions)
  );

export function readSinks(settings: Settings, file: FileConfig): SinkConfig[] {
  const sinks = sinksOf(settings, file);
  const files = new Map<string, string>();
  for (const sink of sinks) {
    if (sink.type !== 'ndjson' || sink.path === '-') continue;
    const other = files.get(sink.path);
    if (other !== undefined) {
      throw usageError(
        `sinks.${other} and sinks.${sink.name} in ${settings.label} write to the same place`,
        'give each a file or folder of its own',
      );
    }
    files.set(sink.path, sink.name);
  }
  return sinks;
}

function sinksOf(settings: Settings, file: FileConfig): SinkConfig[] {
  return Object.entries(file.sinks ?? {}).map(([name, sink]): SinkConfig => {
    const at = `sinks.${name}`;
    checkSourceName(name, `${at} in ${settings.label}`);
    for (const key of Object.keys(sink)) settings.note(`${at}.${key}`, settings.label);
    const common: Common = { name, tables: readTables(at, sink, settings.label) };
    if (sink.type === 'splunk-hec') return { ...common, ...splunk(settings, at, sink) };
    if (sink.type === 'bigquery') return { ...common, ...bigquery(settings, at, sink) };
    if (sink.type === 's3') return { ...common, ...s3(settings, at, sink) };
    return { ...common, ...ndjson(settings, sink) };
  });
}

function readTables(at: string, sink: FileSink, label: string): string[] {
  const tables = 'tables' in sink ? (sink.tables ?? ['audit_events']) : ['audit_events'];
  const isOcsf = sink.type === 'ndjson' && sink.format === 'ocsf';
  const stray = isOcsf ? tables.find((table) => table !== 'audit_events') : undefined;
  if (stray === undefined) return [...new Set(tables)];
  throw usageError(
    `${at} in ${label}: ${stray} has no OCSF form`,
    'leave it out of tables, or use format: auditlake',
  );
}

function splunk(settings: Settings, at: string, sink: OfType<'splunk-hec'>) {
  const secret = readSecret(settings, at, 'token', sink);
  if (secret === null) {
    throw usageError(
      `${at} in ${settings.label} has no token`,
      'add token: "${VARIABLE}" or tokenFile',
    );
  }
  return {
    type: sink.type,
    url: parseBaseUrl(sink.url, `${at}.url in ${settings.label}`),
    token: checkToken(secret.text, secret.where),
    index: sink.index ?? null,
    sourcetype: sink.sourcetype ?? 'auditlake:event',
    source: sink.source ?? null,
    host: sink.host ?? null,
    ack: sink.ack ?? ('auto' as const),
    ackTimeout: parseDuration(sink.ackTimeout ?? '30s', `${at}.ackTimeout in ${settings.label}`),
  };
}

function bigquery(settings: Settings, at: string, sink: OfType<'bigquery'>) {
  const { apiEndpoint, keyFile } = sink;
  return {
    type: sink.type,
    project: sink.project,
    dataset: sink.dataset,
    location: sink.location ?? null,
    keyFile: keyFile === undefined ? null : resolve(settings.folder, keyFile),
    apiEndpoint:
      apiEndpoint === undefined
        ? null
        : parseBaseUrl(apiEndpoint, `${at}.apiEndpoint in ${settings.label}`),
  };
}

function s3(settings: Settings, at: string, sink: OfType<'s3'>) {
  const { endpoint, prefix = '' } = sink;
  const id = readSecret(settings, at, 'accessKeyId', sink);
  const key = readSecret(settings, at, 'secretAccessKey', sink);
  if ((id === null) !== (key === null)) {
    throw usageError(
      `${at} in ${settings.label} has one of accessKeyId and secretAccessKey`,
      'give both, or none to use the SDK’s own ways to find credentials',
    );
  }
  return {
    type: sink.type,
    bucket: sink.bucket,
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    region: sink.region,
    endpoint:
      endpoint === undefined ? null : parseBaseUrl(endpoint, `${at}.endpoint in ${settings.label}`),
    forcePathStyle: sink.forcePathStyle ?? false,
    accessKeyId: id?.text ?? null,
    secretAccessKey: key?.text ?? null,
  };
}

function ndjson(settings: Settings, sink: OfType<'ndjson'>) {
  const { path } = sink;
  const isFolder = path.endsWith('/');
  const absolute = isAbsolute(path) ? path : resolve(settings.folder, path) + (isFolder ? '/' : '');
  return {
    type: sink.type,
    path: path === '-' ? path : absolute,
    format: sink.format ?? ('auditlake' as const),
  };
}
