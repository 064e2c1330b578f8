import type { z } from 'zod';
import { usageError } from '../errors.ts';
import type { Vendor } from '../extract/declaration.ts';
import type { Millis } from '../model.ts';
import { instant } from '../settings/instant.ts';
import { documentationOf } from '../settings/documentation.ts';
import { nearestOr } from '../platform/nearest.ts';
import { problemAt, readSetting } from '../settings/problem.ts';
import { tokenProblem } from '../settings/secrets.ts';
import { baseUrl } from '../settings/base-url.ts';
import type { FileConfig } from './file-schema.ts';
import type { Lookup } from './lookup.ts';
import { checkSourceName } from './names.ts';
import { type Part, readOwnOptions, refuse } from './own-options.ts';
import { readSecret, readSecrets } from './secret.ts';

export type SourceConfig = {
  name: string;
  vendor: Vendor;
  baseUrl: string;
  token: string;
  /** How far back a first sync goes; null for as far as the vendor does. */
  start: Millis | null;
  /** Streams that must work. */
  required: readonly string[];
  /** The vendor's own, as its declaration understands them. */
  options: Readonly<Record<string, unknown>>;
  /** The vendor's own, besides the token; null where one is not set. */
  secrets: Readonly<Record<string, string | null>>;
};

/** A source in the file, apart from what its vendor declares. */
type FileSource = {
  readonly [option: string]: unknown;
  readonly type: string;
  readonly baseUrl?: string | undefined;
  readonly start?: string | undefined;
  readonly required?: readonly string[] | undefined;
};

/**
 * With `sources` the file alone says which sources there are, so that a token used there as `${VARIABLE}` does not open the
 * same account twice. Without, tokens in the environment do.
 */
export function readSources(
  lookup: Lookup,
  file: FileConfig,
  vendors: readonly Vendor[],
): SourceConfig[] {
  const byType = new Map(vendors.map((vendor) => [vendor.type, vendor]));
  const inFile = file.sources as Record<string, FileSource> | undefined;
  if (inFile === undefined) {
    return vendors
      .filter((vendor) => hasToken(lookup, vendor))
      .map((vendor) => readSource(lookup, file, vendor, vendor.type, null));
  }
  return Object.entries(inFile).flatMap(([name, source]) => {
    const vendor = byType.get(source.type);
    return vendor === undefined ? [] : [readSource(lookup, file, vendor, name, source)];
  });
}

function hasToken(lookup: Lookup, { variables }: Vendor): boolean {
  return [variables.token, `${variables.token}_FILE`].some(
    (name) => lookup.variable(name) !== undefined,
  );
}

/** `source` is null if the environment alone makes it. */
function readSource(
  lookup: Lookup,
  file: FileConfig,
  vendor: Vendor,
  name: string,
  source: FileSource | null,
): SourceConfig {
  const at = `sources.${name}`;
  const where = source === null ? `the source ${name}` : `${at} in ${lookup.label}`;
  checkSourceName(name, where);
  // Of several accounts at a vendor, its variables concern the one that is named like it.
  const hasVariables = name === vendor.type;
  const variables = hasVariables ? vendor.variables : { token: null, baseUrl: null };
  const part: Part = { at, where, inFile: source, hasVariables };
  const address = lookup.find(`${at}.baseUrl`, variables.baseUrl, source?.baseUrl, vendor.host);
  const common = {
    baseUrl: readSetting(baseUrl, address.text, address.where),
    token: readToken(lookup, part, vendor, variables.token),
    start: readStart(lookup, at, source?.start, file.start),
    required: readRequired(lookup, part, vendor, source?.required),
  };
  for (const [key, option] of Object.entries(vendor.options.shape)) {
    lookup.note(`${at}.${key}`, 'default', fallbackOf(option));
  }
  const own = readOwnOptions(lookup, part, vendor.options);
  refuse(part, own, vendor.problem(own.options));
  const secrets = readSecrets(lookup, part, vendor.secrets);
  return { name, vendor, ...common, options: own.options, secrets };
}

function readToken(
  lookup: Lookup,
  part: Part,
  { token, variables }: Vendor,
  variable: string | null,
): string {
  const secret = readSecret(lookup, part.at, 'token', part.inFile ?? {}, variable);
  if (secret === null) {
    throw usageError(
      `${part.where} has no token`,
      `add token: "\${${variables.token}}" or tokenFile: PATH to it: ${token.hint}`,
    );
  }
  const problem = token.problem?.(secret.text) ?? tokenProblem(secret.text);
  if (problem !== null) throw problemAt(secret.where, problem);
  return secret.text;
}

function readStart(
  lookup: Lookup,
  at: string,
  own: string | undefined,
  general: string | undefined,
): Millis | null {
  const setting = `${at}.start`;
  // What is said for one source is more exact than a variable meant for all.
  const found =
    lookup.look(setting, null, own) ?? lookup.find(setting, 'AUDITLAKE_START', general, 'oldest');
  return found.origin === 'default' ? null : readSetting(instant, found.text, found.where);
}

function readRequired(
  lookup: Lookup,
  { at, where }: Part,
  { title, streams }: Vendor,
  named: readonly string[] | undefined,
): readonly string[] {
  const wanted = named ?? streams.filter(({ required }) => required).map(({ name }) => name);
  lookup.note(`${at}.required`, named === undefined ? 'default' : lookup.label, wanted);
  const names = streams.map(({ name }) => name);
  const stray = named?.find((name) => !names.includes(name));
  if (stray !== undefined) {
    throw usageError(
      `${where} requires ${stray}, which is no stream of ${title}`,
      nearestOr(stray, names, `its streams: ${names.join(', ')}`),
    );
  }
  return wanted;
}

/** What holds where an option is left out: its value, or words for it. */
function fallbackOf(option: z.core.$ZodType): unknown {
  const { fallback } = documentationOf(option);
  if (fallback === null) return undefined;
  return 'words' in fallback ? fallback.words : fallback.value;
}
