import { usageError } from '../errors.ts';

/**
 * What is wrong with a setting. `what` completes the sentence that the setting's name begins ("is not a duration"); whoever
 * knows where the value came from puts the name before it. Neither repeats the value: in the wrong place it may be a secret.
 */
export type Problem = { what: string; hint: string };

/** What is wrong with options that are each right. `key`: the option that the sentence begins with, else the whole part. */
export type CrossProblem = Problem & { key?: string };

/** How the text of one setting is understood. */
export type Form<T extends string | number> = (text: string) => T | Problem;

/**
 * Reads the text of one setting.
 *
 * @param where names the setting for the message: `AUDITLAKE_SETTLE`, `settle in auditlake.yaml`, `--from`
 * @throws a usage error that names the setting
 */
export function readSetting<T extends string | number>(
  form: Form<T>,
  text: string,
  where: string,
): T {
  const read = form(text);
  if (typeof read === 'object') throw problemAt(where, read);
  return read;
}

export function problemAt(where: string, { what, hint }: Problem): Error {
  return usageError(`${where} ${what}`, hint);
}
