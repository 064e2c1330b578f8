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
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(path, label, error);
  }
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
