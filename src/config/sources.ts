import { usageError } from '../errors.ts';
import type { Millis } from '../model.ts';
import type { FileConfig } from './schema.ts';
import { readSecret } from './secret.ts';
import type { Settings } from './lookup.ts';
import {
  checkDevinToken,
  checkPseudonymKey,
  checkSourceName,
  checkToken,
  parseBaseUrl,
  parseInstant,
} from './values.ts';

type Common = {
  name: string;
  baseUrl: string;
  token: string;
  /** How far back a first sync goes; null for as far as the vendor does. */
  start: Millis | null;
  required: string[];
  usageScopes: readonly UsageScope[];
};

type TabnineOnly = {
  modelScopes: readonly UsageScope[];
  allowedTeams: boolean;
  pseudonymKey: string | null;
};

export type SourceConfig =
  | (Common & TabnineOnly & { type: 'tabnine' })
  | (Common & { type: 'devin' });

export type UsageScope = 'organization' | 'team' | 'user';

const DEFAULT_START = 'oldest';
const HOSTS = { tabnine: 'https://console.tabnine.com', devin: 'https://api.devin.ai' } as const;
const VENDORS = ['tabnine', 'devin'] as const;

/**
 * With `sources` the file alone says which sources there are, so that a token used there as
 * `${TABNINE_TOKEN}` does not open the same account twice. Without, tokens in the environment do.
 */
export function readSources(settings: Settings, file: FileConfig): SourceConfig[] {
  const ofEnv = VENDORS.filter((vendor) => hasToken(settings, vendor)).map(
    (type): [string, FileSource] => [type, { type }],
  );
  const declared = file.sources ?? Object.fromEntries(ofEnv);
  return Object.entries(declared).map(([name, source]): SourceConfig => {
    const at = `sources.${name}`;
    checkSourceName(name, `${at} in ${settings.label}`);
    const prefix = name === source.type ? source.type.toUpperCase() : null;
    const variable = (suffix: string) => (prefix === null ? null : `${prefix}_${suffix}`);
    const baseUrl = settings.find(
      `${at}.baseUrl`,
      variable('BASE_URL'),
      source.baseUrl,
      HOSTS[source.type],
    );
    for (const key of ['required', 'usageScopes'] as const) {
      settings.note(`${at}.${key}`, source[key] === undefined ? 'default' : settings.label);
    }
    const common: Common = {
      name,
      baseUrl: parseBaseUrl(baseUrl.text, baseUrl.where),
      token: readToken(settings, at, source, variable('TOKEN')),
      start: readStart(settings, at, source.start, file.start),
      required: source.required ?? ['audit-logs'],
      usageScopes: source.usageScopes ?? ['organization', 'team', 'user'],
    };
    if (source.type === 'devin') return { type: 'devin', ...common };
    const { usageScopes } = common;
    return { type: 'tabnine', ...common, ...readTabnineOnly(settings, at, source, usageScopes) };
  });
}

type TabnineSource = Extract<FileSource, { type: 'tabnine' }>;

function readTabnineOnly(
  settings: Settings,
  at: string,
  source: TabnineSource,
  usageScopes: readonly UsageScope[],
): TabnineOnly {
  for (const key of ['modelScopes', 'allowedTeams'] as const) {
    settings.note(`${at}.${key}`, source[key] === undefined ? 'default' : settings.label);
  }
  const { allowedTeams = false } = source;
  const modelScopes = source.modelScopes ?? usageScopes.filter((scope) => scope === 'organization');
  const stray = modelScopes.find((scope) => !usageScopes.includes(scope));
  if (stray !== undefined) {
    throw usageError(
      `${at}.modelScopes in ${settings.label} names ${stray}, which usageScopes leaves out`,
      'add it to usageScopes or remove it',
    );
  }
  return { modelScopes, allowedTeams, pseudonymKey: readKey(settings, at, source) };
}

function readKey(settings: Settings, at: string, source: TabnineSource): string | null {
  const secret = readSecret(settings, at, 'pseudonymKey', source);
  return secret === null ? null : checkPseudonymKey(secret.text, secret.where);
}

type FileSource = NonNullable<FileConfig['sources']>[string];

function hasToken(settings: Settings, vendor: string): boolean {
  const prefix = vendor.toUpperCase();
  return [`${prefix}_TOKEN`, `${prefix}_TOKEN_FILE`].some(
    (name) => settings.variable(name) !== undefined,
  );
}

function readToken(
  settings: Settings,
  at: string,
  source: FileSource,
  variable: string | null,
): string {
  const secret = readSecret(settings, at, 'token', source, variable);
  const check = source.type === 'devin' ? checkDevinToken : checkToken;
  if (secret !== null) return check(secret.text, secret.where);
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
