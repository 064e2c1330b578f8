/** What a record is told by among those that are known: 64 bits of its key, and 64 bits of what it says. */
import { hash, randomInt } from 'node:crypto';
import { canonical } from './canonical.ts';

/** Random, so that nobody can craft ids that collide. */
const SEED = randomInt(2 ** 32);

/** Sameness is by what a record says, however it is written. */
export function contentHash(bytes: Buffer, context: string): [number, number] {
  const digest = hash(
    'sha256',
    `${canonical(bytes) ?? bytes.toString('latin1')}${context}`,
    'buffer',
  );
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
}

/**
 * Hashes a key to 64 bits. Two keys that collide make an event look changed, never known: for that the hashes of their contents
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
  return [(a ^ (a >>> 16)) >>> 0, (b ^ (b >>> 16)) >>> 0];
}
