import { resolve } from 'node:path';
import { usageError } from '../errors.ts';
import { readText } from './file.ts';
import type { Found, Settings } from './lookup.ts';

/** A secret, and how messages name the place it came from. */
export type Secret = { text: string; where: string };

/**
 * A secret stands in a variable, in a file that a variable names, in the configuration file (as `${VARIABLE}`) or in a
 * file that is named there. The environment beats the file. Never is more than its place told.
 *
 * @param at     the part of the configuration that it belongs to, such as `sources.tabnine`
 * @param key    its name there; the file's is `<key>File`
 * @param part   that part, as the configuration file has it
 * @param variable the variable of the same meaning, or null; the file's is `<variable>_FILE`
 */
export function readSecret<Key extends string>(
  settings: Settings,
  at: string,
  key: Key,
  part: { readonly [name in Key | `${Key}File`]?: string | undefined },
  variable: string | null = null,
): Secret | null {
  const fileVariable = variable === null ? null : `${variable}_FILE`;
  const inEnv = pick(
    settings.variable(variable),
    settings.variable(fileVariable),
    `both ${variable} and ${fileVariable} are set`,
  );
  const found =
    inEnv ??
    pick(
      settings.look(`${at}.${key}`, null, part[key]),
      settings.look(`${at}.${key}File`, null, part[`${key}File`]),
      `${at} in ${settings.label} has both ${key} and ${key}File`,
    );
  if (found === null) return null;
  const { origin, folder, where } = found.place;
  settings.note(`${at}.${key}`, origin);
  const secret = found.isFile
    ? {
        text: readText(resolve(folder, found.place.text), where).replace(/(\r?\n)+$/, ''),
        where: `the file named by ${where}`,
      }
    : { text: found.place.text, where };
  settings.secrets.push(secret.text);
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
