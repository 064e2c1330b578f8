import { createHmac } from 'node:crypto';
import { PSEUDONYM_PREFIX } from '../model.ts';
import { shortKeyProblem, type SecretOption } from '../settings/secrets.ts';

/** The option that turns pseudonyms on, for vendors that declare them. */
export const PSEUDONYM_KEY: SecretOption = {
  what: 'With it, users appear in usage under a pseudonym only.',
  problem: shortKeyProblem,
};

const SHAPE = new RegExp(`^${PSEUDONYM_PREFIX}[0-9a-f]{6}-`);

/**
 * Names users: by their ids, or with a key by pseudonyms. One user has the same pseudonym under the same key, so that the
 * figures of one person stay together; whose they are cannot be told without the key.
 */
export function userNames(key: string | null): (id: string) => string {
  if (key === null) return (id) => id;
  const hmac = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  // A mark of the key comes first, so that pseudonyms of two keys can be told apart.
  const mark = hmac('').slice(0, 6);
  return (id) => `${PSEUDONYM_PREFIX}${mark}-${hmac(id).slice(0, 32)}`;
}

/** What pseudonyms made with one key have in common; empty for ids. */
export function keyMark(name: string): string {
  return SHAPE.exec(name)?.[0] ?? '';
}
