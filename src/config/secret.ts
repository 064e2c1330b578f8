import { resolve } from 'node:path';
import { usageError } from '../errors.ts';
import { problemAt } from '../settings/problem.ts';
import type { SecretOption } from '../settings/secrets.ts';
import { readText } from './file.ts';
import type { Found, Lookup } from './lookup.ts';
import type { Part } from './own-options.ts';

/** A secret, and how messages name the place it came from. */
export type Secret = { text: string; where: string };

/** The secrets that a vendor or a sink declares, by name; null where one is not set. */
export function readSecrets(
  lookup: Lookup,
  { at, where, inFile }: Part,
  declared: Readonly<Record<string, SecretOption>>,
): Record<string, string | null> {
  const read = Object.entries(declared).map(([key, option]) => {
    const secret = readSecret(lookup, at, key, inFile ?? {});
    if (secret === null && option.required === true) {
      throw usageError(`${where} has no ${key}`, `add ${key}: "\${VARIABLE}" or ${key}File`);
    }
    const problem = secret === null ? null : (option.problem?.(secret.text) ?? null);
    if (secret !== null && problem !== null) throw problemAt(secret.where, problem);
    return [key, secret?.text ?? null] as const;
  });
  return Object.fromEntries(read);
}

/**
 * A secret stands in a variable, in a file that a variable names, in the configuration file (as `${VARIABLE}`) or in a
 * file that is named there. The environment beats the file. Messages name its place only.
 *
 * @param at     the part of the configuration that it belongs to, such as `sources.acme`
 * @param key    its name there; the file's is `<key>File`
 * @param part   that part, as the configuration file has it
 * @param variable the variable of the same meaning, or null; the file's is `<variable>_FILE`
 */
export function readSecret(
  lookup: Lookup,
  at: string,
  key: string,
  part: Readonly<Record<string, unknown>>,
  variable: string | null = null,
): Secret | null {
  const fileVariable = variable === null ? null : `${variable}_FILE`;
  const inEnv = pick(
    lookup.variable(variable),
    lookup.variable(fileVariable),
    `both ${variable} and ${fileVariable} are set`,
  );
  const found =
    inEnv ??
    pick(
      lookup.look(`${at}.${key}`, null, textOf(part[key])),
      lookup.look(`${at}.${key}File`, null, textOf(part[`${key}File`])),
      `${at} in ${lookup.label} has both ${key} and ${key}File`,
    );
  if (found === null) return null;
  const { origin, folder, where } = found.place;
  lookup.note(`${at}.${key}`, origin);
  const secret = found.isFile
    ? {
        text: readText(resolve(folder, found.place.text), where).replace(/(\r?\n)+$/, ''),
        where: `the file named by ${where}`,
      }
    : { text: found.place.text, where };
  lookup.secrets.push(secret.text);
  return secret;
}

function pick(
  text: Found | undefined,
  file: Found | undefined,
  both: string,
): { place: Found; isFile: boolean } | null {
  if (text !== undefined && file !== undefined) throw usageError(both, 'use one of them');
  if (text !== undefined) return { place: text, isFile: false };
  return file === undefined ? null : { place: file, isFile: true };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
