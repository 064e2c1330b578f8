import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { readConfigFile, readText } from './config/file.ts';
import { type FileConfig, fileSchema } from './config/schema.ts';
import {
  checkSourceName,
  checkToken,
  parseBaseUrl,
  parseConcurrency,
  parseDuration,
  parseInstant,
  parseLogLevel,
  parseTimeout,
} from './config/values.ts';
import { usageError } from './errors.ts';
import type { Millis } from './model.ts';

export type SourceConfig = {
  name: string;
  type: 'tabnine';
  baseUrl: string;
  token: string;
  /** How far back a first sync goes; null for as far as the vendor does. */
  start: Millis | null;
  required: string[];
};

export type Config = {
  /** Absolute. */
  home: string;
  sources: SourceConfig[];
  /** Milliseconds, as all durations here. */
  lookback: number;
  settle: number;
  concurrency: number;
  timeout: number;
  logLevel: string;
  caFile: string | undefined;
  /** Setting to where it came from: `default`, a variable, a file or an option. Never a value. */
  origins: Record<string, string>;
};

type Env = Record<string, string | undefined>;

/** A text, the place it was read from, and the folder its relative paths start from. */
type Found = { text: string; origin: string; where: string; folder: string };

const DEFAULT_FILE = 'auditlake.yaml';
const DEFAULT_START = 'oldest';
const TABNINE_URL = 'https://console.tabnine.com';

/**
 * The effective configuration. An option beats a variable, a variable beats the file, the file beats
 * the default; an empty variable counts as unset. Throws a usage error for anything wrong.
 */
export function loadConfig(input: {
  env: Env;
  cwd: string;
  configFile?: string;
  home?: string;
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
    setting: 'lookback' | 'settle' | 'timeout' | 'logLevel' | 'concurrency',
    variable: string,
    fallback: string,
    parse: (text: string, where: string) => T,
  ): T => {
    const { text, where } = settings.find(setting, variable, file.content[setting], fallback);
    return parse(text, where);
  };

  return {
    home: resolve(home.folder, home.text),
    lookback: read('lookback', 'AUDITLAKE_LOOKBACK', '24h', parseDuration),
    settle: read('settle', 'AUDITLAKE_SETTLE', '60s', parseDuration),
    concurrency: read('concurrency', 'AUDITLAKE_CONCURRENCY', '4', parseConcurrency),
    timeout: read('timeout', 'AUDITLAKE_TIMEOUT', '30s', parseTimeout),
    logLevel: read('logLevel', 'AUDITLAKE_LOG_LEVEL', 'info', parseLogLevel),
    caFile: readCaFile(settings, file.content.caFile),
    sources: readSources(settings, file.content),
    origins,
  };
}

/** The JSON Schema of the configuration file, for editors. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(fileSchema, { io: 'input' });
}

type OpenFile = { content: FileConfig; label: string; folder: string };

function openFile(input: { env: Env; cwd: string; configFile?: string }): OpenFile {
  const named = input.configFile ?? nonEmpty(input.env['AUDITLAKE_CONFIG']);
  const label = named ?? DEFAULT_FILE;
  const path = resolve(input.cwd, label);
  if (named === undefined && !existsSync(path)) return { content: {}, label, folder: input.cwd };
  return { content: readConfigFile(path, label, input.env), label, folder: dirname(path) };
}

/** Looks settings up and notes where each was found. */
class Settings {
  readonly #env: Env;
  readonly #cwd: string;
  readonly #file: OpenFile;
  readonly #origins: Record<string, string>;

  constructor(env: Env, cwd: string, file: OpenFile, origins: Record<string, string>) {
    this.#env = env;
    this.#cwd = cwd;
    this.#file = file;
    this.#origins = origins;
  }

  /** The variable, or else what the file has, or else nothing. Notes the origin of what it finds. */
  look(
    setting: string,
    variable: string | null,
    inFile: string | number | undefined,
  ): Found | undefined {
    const found = this.variable(variable) ?? this.#inFile(setting, inFile);
    if (found !== undefined) this.#origins[setting] = found.origin;
    return found;
  }

  find(
    setting: string,
    variable: string | null,
    inFile: string | number | undefined,
    fallback: string,
  ): Found {
    const found = this.look(setting, variable, inFile);
    if (found !== undefined) return found;
    this.note(setting, 'default');
    return { text: fallback, origin: 'default', where: setting, folder: this.#cwd };
  }

  variable(name: string | null): Found | undefined {
    const text = name === null ? undefined : nonEmpty(this.#env[name]);
    return name === null || text === undefined
      ? undefined
      : { text, origin: name, where: name, folder: this.#cwd };
  }

  note(setting: string, origin: string): void {
    this.#origins[setting] = origin;
  }

  get label(): string {
    return this.#file.label;
  }

  #inFile(setting: string, value: string | number | undefined): Found | undefined {
    if (value === undefined) return undefined;
    const { label, folder } = this.#file;
    return { text: String(value), origin: label, where: `${setting} in ${label}`, folder };
  }
}

function readCaFile(settings: Settings, inFile: string | undefined): string | undefined {
  const found = settings.look('caFile', 'NODE_EXTRA_CA_CERTS', inFile);
  if (found === undefined) return undefined;
  const path = resolve(found.folder, found.text);
  readText(path, found.where);
  return path;
}

/**
 * With `sources` the file alone says which sources there are, so that a token used there as
 * `${TABNINE_TOKEN}` does not open the same account twice. Without, a token in the environment does.
 */
function readSources(settings: Settings, file: FileConfig): SourceConfig[] {
  const declared = file.sources ?? (hasTabnineToken(settings) ? { tabnine: tabnineOfEnv } : {});
  return Object.entries(declared).map(([name, source]) => {
    const at = `sources.${name}`;
    checkSourceName(name, `${at} in ${settings.label}`);
    const variable = (suffix: string) => (name === 'tabnine' ? `TABNINE_${suffix}` : null);
    const baseUrl = settings.find(
      `${at}.baseUrl`,
      variable('BASE_URL'),
      source.baseUrl,
      TABNINE_URL,
    );
    settings.note(`${at}.required`, source.required === undefined ? 'default' : settings.label);
    return {
      name,
      type: source.type,
      baseUrl: parseBaseUrl(baseUrl.text, baseUrl.where),
      token: readToken(settings, at, source, variable),
      start: readStart(settings, at, source.start, file.start),
      required: source.required ?? ['audit-logs'],
    };
  });
}

type FileSource = NonNullable<FileConfig['sources']>[string];

const tabnineOfEnv: FileSource = { type: 'tabnine' };

function hasTabnineToken(settings: Settings): boolean {
  return ['TABNINE_TOKEN', 'TABNINE_TOKEN_FILE'].some(
    (name) => settings.variable(name) !== undefined,
  );
}

function readToken(
  settings: Settings,
  at: string,
  source: FileSource,
  variable: (suffix: string) => string | null,
): string {
  const fromEnv = [settings.variable(variable('TOKEN')), settings.variable(variable('TOKEN_FILE'))];
  if (fromEnv[0] !== undefined && fromEnv[1] !== undefined) {
    throw usageError('both TABNINE_TOKEN and TABNINE_TOKEN_FILE are set', 'set one of them');
  }
  if (source.token !== undefined && source.tokenFile !== undefined) {
    throw usageError(
      `${at} in ${settings.label} has both token and tokenFile`,
      'remove one of them',
    );
  }
  const inEnv = fromEnv.some((found) => found !== undefined);
  const token = inEnv ? fromEnv[0] : settings.look(`${at}.token`, null, source.token);
  const tokenFile = inEnv ? fromEnv[1] : settings.look(`${at}.tokenFile`, null, source.tokenFile);
  settings.note(`${at}.token`, (token ?? tokenFile)?.origin ?? 'default');
  if (token !== undefined) return checkToken(token.text, token.where);
  if (tokenFile !== undefined) {
    const text = readText(resolve(tokenFile.folder, tokenFile.text), tokenFile.where);
    return checkToken(text.replace(/(\r?\n)+$/, ''), `the file named by ${tokenFile.where}`);
  }
  throw usageError(
    `${at} in ${settings.label} has no token`,
    'add token: "${VARIABLE}" or tokenFile: PATH to it',
  );
}

function readStart(
  settings: Settings,
  at: string,
  own: string | undefined,
  general: string | undefined,
): Millis | null {
  const setting = `${at}.start`;
  // What is said for one source is more exact than a variable meant for all.
  const found =
    settings.look(setting, null, own) ??
    settings.find(setting, 'AUDITLAKE_START', general, DEFAULT_START);
  return found.origin === 'default' ? null : parseInstant(found.text, found.where);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
