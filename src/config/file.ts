import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { type AuditlakeError, messageOf, usageError } from '../errors.ts';
import { type FileConfig, fileSchema, problems, wording } from './schema.ts';

type Env = Record<string, string | undefined>;

/** What has secrets in it. */
export type SecretPart = 'sources' | 'sinks' | 'signing';

/**
 * Reads, expands and validates a configuration file; `label` is how messages name it. The secrets of a part that is left
 * out need not be there: who only reads the home does not have them.
 */
export function readConfigFile(
  path: string,
  label: string,
  env: Env,
  without: readonly SecretPart[],
): FileConfig {
  const parsed = parseYaml(readText(path, label), label);
  if (isObject(parsed)) for (const part of without) delete parsed[part];
  const result = fileSchema.safeParse(expand(parsed, label, '', env), { error: wording });
  if (!result.success) {
    throw usageError(
      `${label}: ${problems(result.error).join('; ')}`,
      'correct the file; docs/configuration.md lists every key',
    );
  }
  return result.data;
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
  const { code } = asObject(error);
  return usageError(
    `${label}: cannot read ${path} (${typeof code === 'string' ? code : messageOf(error)})`,
    'check that the file exists and that this user may read it',
  );
}

/** The parser's own messages quote the text, which may be a token: only kind and place are told. */
function parseYaml(text: string, label: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    throw badYaml(label, `line ${line}, column ${col}: ${problem.code.toLowerCase()}`);
  }
  try {
    return (document.toJS() as unknown) ?? {};
  } catch {
    throw badYaml(label, 'an alias without its anchor, or too many of them');
  }
}

function badYaml(label: string, what: string): AuditlakeError {
  return usageError(
    `${label} is not valid YAML: ${what.replaceAll('_', ' ')}`,
    'correct the indentation there, and put texts with special characters in quotes',
  );
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
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
