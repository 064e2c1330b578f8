/** A configuration while it is being put together. Pure. */
import { stringify } from 'yaml';
import { usageError } from '../../errors.ts';

/** As in the file: a source or a sink by its name, with its options. */
export type Section = Record<string, Record<string, unknown>>;

export type Draft = { home?: string; sources: Section; sinks: Section } & Record<string, unknown>;

/** The settings of a command line, such as `sources.acme.tokenFile=/run/secrets/acme`. */
export function draftOf(settings: readonly string[]): Draft {
  const draft: Draft = { sources: {}, sinks: {} };
  for (const setting of settings) {
    const at = setting.indexOf('=');
    const keys = setting.slice(0, Math.max(0, at)).split('.');
    if (at < 1 || keys.some((key) => !NAME.test(key))) {
      // What stands there may be a token that somebody took for a setting.
      throw usageError('--set takes KEY=VALUE', 'such as --set home=/data');
    }
    put(draft, keys, setting.slice(at + 1));
  }
  return draft;
}

/** Letters, digits and dashes. Beginning with a letter, none is a key that objects have by themselves. */
const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;

function put(into: Record<string, unknown>, keys: readonly string[], value: string): void {
  const [key = '', ...below] = keys;
  if (below.length === 0) {
    into[key] = value;
    return;
  }
  const inner = Object.hasOwn(into, key) ? into[key] : (into[key] = {});
  if (typeof inner !== 'object' || inner === null) {
    throw usageError(`--set gives ${key} a value, and settings below it`, 'give one of them');
  }
  put(inner as Record<string, unknown>, below, value);
}

/** The file. Sections without anything are left out. */
export function fileOf(draft: Draft): string {
  const filled = Object.entries(draft).filter(
    ([, value]) => typeof value !== 'object' || Object.keys(value as object).length > 0,
  );
  return [
    '# Every key: docs/configuration.md, or auditlake.schema.json in an editor. `auditlake check` tries it.',
    stringify(Object.fromEntries(filled)),
  ].join('\n');
}

/** Where a secret is, as an answer says it: a variable, or a file. `${NAME}` is written for a variable. */
export function placeOfSecret(
  answer: string,
  name: string,
  isSet: (variable: string) => boolean,
): Record<string, string> {
  const variable = answer.replace(/^\$\{?(\w+)\}?$/, '$1');
  const isVariable = /^[A-Za-z_]\w*$/.test(variable) && isSet(variable);
  return isVariable ? { [name]: `\${${variable}}` } : { [`${name}File`]: answer };
}
