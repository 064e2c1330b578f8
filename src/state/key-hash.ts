import { randomInt } from 'node:crypto';

/** Random, so that nobody can craft ids that collide. */
const SEED = randomInt(2 ** 32) | 0;

/**
 * Hashes a key to 64 bits, as two signed numbers. Two keys that collide make an event look changed, never known: for that the hashes of their contents
 * would have to collide too.
 */
export function keyHash(key: string): [number, number] {
  let a = SEED;
  let b = SEED ^ 0x9e3779b9;
  for (let i = 0; i < key.length; i += 1) {
    const code = key.charCodeAt(i);
    a = Math.imul(a ^ code, 0x85ebca6b);
    b = Math.imul(b ^ code, 0xc2b2ae35);
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (b >>> 16), 0x27d4eb2f);
  b = Math.imul(b ^ (a >>> 15), 0x165667b1);
  return [a ^ (a >>> 16), b ^ (b >>> 16)];
}
