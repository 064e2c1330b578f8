import { resolve } from 'node:path';
import { usageError } from '../errors.ts';
import type { Millis } from '../model.ts';
import { readText } from './file.ts';
import type { FileConfig } from './schema.ts';
import type { Settings } from './settings.ts';
import {
  checkPseudonymKey,
  checkSourceName,
  checkToken,
  parseBaseUrl,
  parseInstant,
} from './values.ts';

export type SourceConfig = {
  name: string;
  type: 'tabnine';
  baseUrl: string;
  token: string;
  /** How far back a first sync goes; null for as far as the vendor does. */
  start: Millis | null;
  required: string[];
  usageScopes: readonly UsageScope[];
  modelScopes: readonly UsageScope[];
  allowedTeams: boolean;
  pseudonymKey: string | null;
};

export type UsageScope = 'organization' | 'team' | 'user';

const DEFAULT_START = 'oldest';
const TABNINE_URL = 'https://console.tabnine.com';

/**
 * With `sources` the file alone says which sources there are, so that a token used there as
 * `${TABNINE_TOKEN}` does not open the same account twice. Without, a token in the environment does.
 */
export function readSources(settings: Settings, file: FileConfig): SourceConfig[] {
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
      ...readUsage(settings, at, source),
    };
  });
}

function readUsage(
  settings: Settings,
  at: string,
  source: FileSource,
): Pick<SourceConfig, 'usageScopes' | 'modelScopes' | 'allowedTeams' | 'pseudonymKey'> {
  const { usageScopes = ['organization', 'team', 'user'], allowedTeams = false } = source;
  for (const key of ['usageScopes', 'modelScopes', 'allowedTeams'] as const) {
    settings.note(`${at}.${key}`, source[key] === undefined ? 'default' : settings.label);
  }
  const modelScopes = source.modelScopes ?? usageScopes.filter((scope) => scope === 'organization');
  const stray = modelScopes.find((scope) => !usageScopes.includes(scope));
  if (stray !== undefined) {
    throw usageError(
      `${at}.modelScopes in ${settings.label} names ${stray}, which usageScopes leaves out`,
      'add it to usageScopes or remove it',
    );
  }
  return { usageScopes, modelScopes, allowedTeams, pseudonymKey: readKey(settings, at, source) };
}

function readKey(settings: Settings, at: string, source: FileSource): string | null {
  const { pseudonymKey, pseudonymKeyFile } = source;
  if (pseudonymKey !== undefined && pseudonymKeyFile !== undefined) {
    throw usageError(
      `${at} in ${settings.label} has both pseudonymKey and pseudonymKeyFile`,
      'remove one of them',
    );
  }
  const key = settings.look(`${at}.pseudonymKey`, null, pseudonymKey);
  if (key !== undefined) return checkPseudonymKey(key.text, key.where);
  const file = settings.look(`${at}.pseudonymKeyFile`, null, pseudonymKeyFile);
  if (file === undefined) return null;
  const text = readText(resolve(file.folder, file.text), file.where);
  return checkPseudonymKey(text.replace(/(\r?\n)+$/, ''), `the file named by ${file.where}`);
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
