import { readFileSync } from 'node:fs';
import { type AuditlakeError, messageOf, usageError } from '../errors.ts';
import type { FileConfig, FileSchema } from './file-schema.ts';
import { hintOf, problems, wording } from './issues.ts';
import { parseYaml } from './yaml.ts';

type Env = Record<string, string | undefined>;

/** What has secrets in it. */
export type SecretPart = 'sources' | 'sinks' | 'signing';

/**
 * Reads, expands and checks a configuration file. The secrets of a part that is left out need not be set: a command that
 * only reads the home does not have them.
 *
 * @param label how messages name the file
 * @returns the file as it is written, with variables replaced
 */
export function readConfigFile(
  path: string,
  label: string,
  env: Env,
  schema: FileSchema,
  without: readonly SecretPart[] = [],
): FileConfig {
  const parsed = parseYaml(readText(path, label), label);
  if (isObject(parsed)) for (const part of without) delete parsed[part];
  const content = expand(parsed, label, '', env);
  const { error } = schema.safeParse(content, { error: wording });
  if (error !== undefined) {
    throw usageError(
      `${label}: ${problems(error, schema).join('; ')}`,
      hintOf(error) ?? 'correct the file; docs/configuration.md lists every key',
    );
  }
  return content as FileConfig;
}

/** A text file that the configuration names. */
export function readText(path: string, label: string): string {
  try {
    return decoded(readFileSync(path));
  } catch (error) {
    throw unreadable(path, label, error);
  }
}

/** Editors and shells of Windows begin a text with a byte order mark, some of them in UTF-16. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const encoding = isUtf16 ? (first === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

function unreadable(path: string, label: string, error: unknown): AuditlakeError {
  const code = isObject(error) ? error['code'] : undefined;
  return usageError(
    `${label}: cannot read ${path} (${typeof code === 'string' ? code : messageOf(error)})`,
    'check that the file exists and that this user may read it',
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Puts the environment's values for `${VAR}` into every text; `$${VAR}` stands for itself. */
function expand(value: unknown, label: string, path: string, env: Env): unknown {
  const below = (key: string | number): string => (path === '' ? `${key}` : `${path}.${key}`);
  if (Array.isArray(value)) {
    return value.map((item, index) => expand(item, label, below(index), env));
  }
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, expand(item, label, below(key), env)]),
    );
  }
  if (typeof value !== 'string') return value;
  return value.replace(/\$(\$?)\{([^}]*)\}/g, (whole, escaped: string, name: string) => {
    if (escaped !== '') return whole.slice(1);
    const found = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? env[name] : undefined;
    if (found === undefined || found === '') {
      throw usageError(
        `${label}: ${path} needs the environment variable ${name}, which is not set`,
        `set ${name}, or write $\${${name}} if the text is meant literally`,
      );
    }
    return found;
  });
}
