import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { readConfigFile, readText, type SecretPart } from './file.ts';
import { type FileConfig, fileSchema } from './schema.ts';
import { readSchedule, type ScheduleConfig } from './schedule.ts';
import { nonEmpty, type OpenFile, Settings } from './lookup.ts';
import { readSigningKey, readTrustedKeys } from './signing.ts';
import { readSinks, type SinkConfig } from './sinks.ts';
import { readSources, type SourceConfig } from './sources.ts';
import {
  type Compression,
  parseConcurrency,
  parseDuration,
  parseLogLevel,
  parseTimeout,
} from './values.ts';
import { usageError } from '../errors.ts';

export type { SinkConfig } from './sinks.ts';
export type { SourceConfig } from './sources.ts';

export type Config = {
  /** Absolute. */
  home: string;
  sources: SourceConfig[];
  sinks: SinkConfig[];
  /** What every run signs the ledger's head with. */
  signingKey: KeyObject | null;
  /** Public keys that signatures must be of; none: any. */
  trustedKeys: string[];
  /** What must appear in no output. */
  secrets: readonly string[];
  /** Milliseconds, as all durations here. */
  lookback: number;
  usageLookback: number;
  settle: number;
  /** How far behind a required stream may be. */
  freshness: number;
  concurrency: number;
  timeout: number;
  logLevel: string;
  caFile: string | undefined;
  /** Null for no lake. `retention`: how long a day is kept in it, null for ever. */
  lake: { compression: Compression; retention: number | null } | null;
  schedule: ScheduleConfig;
  /** Setting to where it came from: `default`, a variable, a file or an option. Never a value. */
  origins: Record<string, string>;
};

type Env = Record<string, string | undefined>;

const DEFAULT_FILE = 'auditlake.yaml';

/**
 * The effective configuration. An option beats a variable, a variable beats the file, the file beats
 * the default; an empty variable counts as unset. Throws a usage error for anything wrong.
 */
export function loadConfig(input: {
  env: Env;
  cwd: string;
  configFile?: string;
  home?: string;
  /** Parts whose secrets a command does not need. */
  without?: readonly SecretPart[];
}): Config {
  const { env, cwd } = input;
  const file = openFile(input);
  const origins: Record<string, string> = {};
  const settings = new Settings(env, cwd, file, origins);

  const home =
    input.home === undefined
      ? settings.find('home', 'AUDITLAKE_HOME', file.content.home, './auditlake-data')
      : { text: input.home, origin: '--home', where: '--home', folder: cwd };
  if (home.text === '') throw usageError(`${home.where} is empty`, 'name a folder');
  origins['home'] = home.origin;

  const read = <T>(
    setting:
      | 'lookback'
      | 'usageLookback'
      | 'settle'
      | 'freshness'
      | 'timeout'
      | 'logLevel'
      | 'concurrency',
    variable: string,
    fallback: string,
    parse: (text: string, where: string) => T,
  ): T => {
    const { text, where } = settings.find(setting, variable, file.content[setting], fallback);
    return parse(text, where);
  };

  const without = new Set(input.without);
  const signingKey = without.has('signing') ? null : readSigningKey(settings, file.content);

  return {
    home: resolve(home.folder, home.text),
    lookback: read('lookback', 'AUDITLAKE_LOOKBACK', '24h', parseDuration),
    usageLookback: read('usageLookback', 'AUDITLAKE_USAGE_LOOKBACK', '7d', parseDuration),
    settle: read('settle', 'AUDITLAKE_SETTLE', '60s', parseDuration),
    freshness: read('freshness', 'AUDITLAKE_FRESHNESS', '48h', parseDuration),
    concurrency: read('concurrency', 'AUDITLAKE_CONCURRENCY', '4', parseConcurrency),
    timeout: read('timeout', 'AUDITLAKE_TIMEOUT', '30s', parseTimeout),
    logLevel: read('logLevel', 'AUDITLAKE_LOG_LEVEL', 'info', parseLogLevel),
    caFile: readCaFile(settings, file.content.caFile),
    lake: readLake(settings, file.content.lake),
    schedule: readSchedule(settings, file.content),
    sources: without.has('sources') ? [] : readSources(settings, file.content),
    sinks: without.has('sinks') ? [] : readSinks(settings, file.content),
    signingKey,
    trustedKeys: readTrustedKeys(settings, file.content, signingKey),
    secrets: settings.secrets,
    origins,
  };
}

/** The JSON Schema of the configuration file, for editors. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(fileSchema, { io: 'input' });
}

function openFile(input: {
  env: Env;
  cwd: string;
  configFile?: string;
  without?: readonly SecretPart[];
}): OpenFile {
  const named = input.configFile ?? nonEmpty(input.env['AUDITLAKE_CONFIG']);
  const label = named ?? DEFAULT_FILE;
  const path = resolve(input.cwd, label);
  if (named === undefined && !existsSync(path)) return { content: {}, label, folder: input.cwd };
  return {
    content: readConfigFile(path, label, input.env, input.without ?? []),
    label,
    folder: dirname(path),
  };
}

function readCaFile(settings: Settings, inFile: string | undefined): string | undefined {
  const found = settings.look('caFile', 'NODE_EXTRA_CA_CERTS', inFile);
  if (found === undefined) return undefined;
  const path = resolve(found.folder, found.text);
  readText(path, found.where);
  return path;
}

function readLake(settings: Settings, inFile: FileConfig['lake']): Config['lake'] {
  settings.note('lake', inFile === undefined ? 'default' : settings.label);
  if (inFile === false) return null;
  const { compression = 'zstd', retention } = inFile ?? {};
  const where = `lake.retention in ${settings.label}`;
  return {
    compression,
    retention: retention === undefined ? null : parseDuration(retention, where),
  };
}
