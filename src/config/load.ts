import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { usageError } from '../errors.ts';
import { NOBODY_STATED, type StatedPeople } from '../model.ts';
import { documentationOf } from '../settings/documentation.ts';
import { duration } from '../settings/duration.ts';
import { readSetting } from '../settings/problem.ts';
import { readConfigFile, readText, type SecretPart } from './file.ts';
import { type FileConfig, type FileSchema, fileSchemaOf } from './file-schema.ts';
import {
  type Compression,
  defaultOf,
  type General,
  generalShape,
  lakeSchema,
  readGeneral,
} from './general.ts';
import { type FilePlace, Lookup, nonEmpty } from './lookup.ts';
import { readPeople } from './people.ts';
import { expectDistinctTypes, REGISTRY, type Registry } from './registry.ts';
import { readSchedule, type ScheduleConfig } from './schedule.ts';
import { readSigningKey, readTrustedKeys } from './signing.ts';
import { readSinks, type SinkConfig } from './sinks.ts';
import { readSources, type SourceConfig } from './sources.ts';

export type Config = General & {
  /** Absolute. */
  home: string;
  sources: SourceConfig[];
  sinks: SinkConfig[];
  /** What every run signs the ledger's head with. */
  signingKey: KeyObject | null;
  /** Public keys that signatures must be of; none: any. */
  trustedKeys: string[];
  /** What must not appear in any output. */
  secrets: readonly string[];
  caFile: string | undefined;
  /** Folders of the user's own questions and detections, absolute; null for none. */
  questions: string | null;
  detections: string | null;
  /** What the user says of who is who. */
  people: StatedPeople;
  /** The file that says in which country an address is, absolute; null for none. It is looked at when somebody needs it. */
  countryFile: string | null;
  /** Null for no lake. `retention`: how long a day is kept in it, in milliseconds; null for ever. */
  lake: { compression: Compression; retention: number | null } | null;
  schedule: ScheduleConfig;
  /** Setting to where it came from: `default`, a variable, a file or an option. Never a value. */
  origins: Record<string, string>;
  /** What each setting is, secrets left out. */
  values: Record<string, string>;
};

/** What a configuration is read from. */
export type ConfigInput = {
  env: Record<string, string | undefined>;
  cwd: string;
  /** Null for none at all, also not the default one. */
  configFile?: string | null;
  home?: string;
  /** Parts whose secrets a command does not need. */
  without?: readonly SecretPart[];
  /** The vendors and sinks that it may name; all that are registered unless it says otherwise. */
  registry?: Registry;
};

/** Making one takes 15 ms, which a program that runs many commands pays once. */
const schemas = new WeakMap<Registry, FileSchema>();

function schemaFor(registry: Registry): FileSchema {
  const schema = schemas.get(registry) ?? fileSchemaOf(registry);
  schemas.set(registry, schema);
  return schema;
}

const DEFAULT_FILE = 'auditlake.yaml';

/**
 * The effective configuration. An option beats a variable, a variable beats the file, the file beats
 * the default; an empty variable counts as unset. Throws a usage error for anything wrong.
 */
export function loadConfig(input: ConfigInput): Config {
  const { registry = REGISTRY } = input;
  expectDistinctTypes(registry);
  const file = openFile(input, registry);
  const { content } = file;
  const lookup = new Lookup(input.env, input.cwd, file);
  const home = readHome(lookup, content.home, input);
  const general = readGeneral(lookup, content);
  const without = new Set(input.without);
  const signingKey = without.has('signing') ? null : readSigningKey(lookup, content);
  return {
    home,
    ...general,
    caFile: readCaFile(lookup, content.caFile),
    questions: readPath(lookup, 'questions', content),
    detections: readPath(lookup, 'detections', content),
    countryFile: readPath(lookup, 'countryFile', content),
    people: readStated(lookup, content.people),
    lake: readLake(lookup, content.lake),
    schedule: readSchedule(lookup, content),
    sources: without.has('sources') ? [] : readSources(lookup, content, registry.vendors),
    sinks: without.has('sinks') ? [] : readSinks(lookup, content, registry.sinks),
    signingKey,
    trustedKeys: readTrustedKeys(lookup, content, signingKey),
    secrets: lookup.secrets,
    origins: lookup.origins,
    values: lookup.values,
  };
}

function openFile(
  { env, cwd, configFile, without }: ConfigInput,
  registry: Registry,
): FilePlace & { content: FileConfig } {
  if (configFile === null) return { content: {}, label: DEFAULT_FILE, folder: cwd };
  const named = configFile ?? nonEmpty(env['AUDITLAKE_CONFIG']);
  const label = named ?? DEFAULT_FILE;
  const path = resolve(cwd, label);
  if (named === undefined && !existsSync(path)) return { content: {}, label, folder: cwd };
  const content = readConfigFile(path, label, env, schemaFor(registry), without);
  return { content, label, folder: dirname(path) };
}

function readHome(lookup: Lookup, inFile: string | undefined, { home, cwd }: ConfigInput): string {
  if (home === '') throw usageError('--home is empty', 'name a folder');
  const found = lookup.find('home', 'AUDITLAKE_HOME', inFile, defaultOf('home'));
  if (home === undefined) return resolve(found.folder, found.text);
  lookup.note('home', '--home', home);
  return resolve(cwd, home);
}

function readCaFile(lookup: Lookup, inFile: string | undefined): string | undefined {
  const found = lookup.look('caFile', 'NODE_EXTRA_CA_CERTS', inFile);
  if (found === undefined) return undefined;
  const path = resolve(found.folder, found.text);
  readText(path, found.where);
  return path;
}

function readStated(lookup: Lookup, inFile: string | undefined): StatedPeople {
  const found = lookup.look('people', documentationOf(generalShape.people).variable, inFile);
  if (found === undefined) return NOBODY_STATED;
  return readPeople(resolve(found.folder, found.text), found.where);
}

/** Looked at when somebody asks. */
function readPath(
  lookup: Lookup,
  key: 'questions' | 'detections' | 'countryFile',
  content: FileConfig,
): string | null {
  const { variable } = documentationOf(generalShape[key]);
  const found = lookup.look(key, variable, content[key]);
  return found === undefined ? null : resolve(found.folder, found.text);
}

function readLake(lookup: Lookup, inFile: FileConfig['lake']): Config['lake'] {
  const origin = inFile === undefined ? 'default' : lookup.label;
  const lake = inFile !== false && lakeSchema.parse(inFile ?? {});
  lookup.note('lake', origin, lake);
  if (lake === false) return null;
  const { compression, retention } = lake;
  const where = `lake.retention in ${lookup.label}`;
  return {
    compression,
    retention: retention === undefined ? null : readSetting(duration, retention, where),
  };
}
