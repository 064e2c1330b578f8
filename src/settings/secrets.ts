import type { Problem } from './problem.ts';

/** A secret that a vendor or a sink takes: option `<name>` or `<name>File`. */
export type SecretOption = {
  /** What it is, for the reference. */
  what: string;
  required?: boolean;
  /** What is wrong with a value; null if it will do. */
  problem?(value: string): Problem | null;
};

/** What keeps a token from travelling in a header as it is. */
export function tokenProblem(token: string): Problem | null {
  if (token === '') return { what: 'is empty', hint: 'put the token there' };
  if (/\s/.test(token)) {
    return {
      what: 'has a space or line break in it',
      hint: 'put the token alone there, on one line and without quotes',
    };
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return {
      what: 'has characters that no token has',
      hint: 'copy the token again: only visible ASCII characters can be sent',
    };
  }
  return null;
}

/** A key that is short enough to be found by trying all of them. */
export function shortKeyProblem(key: string): Problem | null {
  if (key.length >= 16) return null;
  return { what: 'is shorter than 16 characters', hint: 'make one with: openssl rand -hex 32' };
}
