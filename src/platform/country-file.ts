/** Reads a country file: a MaxMind DB, the format in which several makers give away which addresses are in which country. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { Countries, Millis } from '../model.ts';
import { printable } from './printable.ts';
import { readPlain } from './plain-file.ts';

const LARGEST_FILE = 512 * 1024 * 1024;

/** A hundred thousand addresses take a second. */
const MOST_TIME: Millis = 60_000;

/** A record of a country takes a few hundred bytes. */
const MOST_MEMORY_MB = 256;

/**
 * Runs in a process of its own, as text, so that it is the same from the sources and the build. A few bytes of the format can stand for
 * lists that never end or fit into no memory: they must end that process, not the run.
 */
const LOOK_UP = `
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { reader, file, addresses } = JSON.parse(readFileSync(0, 'utf8'));
const bytes = readFileSync(file);
const { Reader } = require(reader);
const known = new Reader(bytes);
const codes = addresses.map((address) => {
  const record = known.get(address) ?? {};
  const country = record.country ?? record.registered_country;
  return String(country?.iso_code ?? record.country_code ?? country ?? '').slice(0, 3);
});
const version = createHash('sha256').update(bytes).digest('hex');
process.stdout.write(JSON.stringify({ version, codes }));
`;

const ANSWER = z.object({ version: z.string(), codes: z.array(z.string()) });

/**
 * @param limits of one look-up
 * @throws an error with a message for the user if there is no such file
 */
export async function openCountries(
  path: string,
  limits: { time: Millis; memoryMb: number } = { time: MOST_TIME, memoryMb: MOST_MEMORY_MB },
): Promise<Countries> {
  let bytes: Buffer;
  let file: string;
  try {
    // Who updates such files often puts a link in their place.
    file = await realpath(path);
    bytes = await readPlain(file, LARGEST_FILE);
  } catch (error) {
    throw new Error(`the country file ${path} cannot be read (${messageOf(error)})`, {
      cause: error,
    });
  }
  const version = createHash('sha256').update(bytes).digest('hex');
  return {
    version,
    async of(addresses) {
      const known = addresses.filter((address) => isIP(address) !== 0);
      if (known.length === 0) return new Map();
      try {
        const { codes, version: read } = await lookUp({ file, addresses: known }, limits);
        if (read !== version) throw new Error('it was replaced meanwhile: the next run takes it');
        return new Map(
          known.flatMap((address, i) => {
            const code = codes[i] ?? '';
            return /^[A-Z]{2}$/.test(code) ? [[address, code] as const] : [];
          }),
        );
      } catch (error) {
        throw new Error(`the country file ${path} is of no use (${messageOf(error)})`, {
          cause: error,
        });
      }
    },
  };
}

/** Addresses from all over, the same each time: a file that answers for them is taken for whole. */
export const SAMPLE: readonly string[] = [
  ...Array.from({ length: 223 }, (_, i) => `${i + 1}.${(i * 7) % 256}.${(i * 13) % 256}.1`),
  ...Array.from({ length: 64 }, (_, i) => `2${(i * 61).toString(16).padStart(3, '0')}:db8::1`),
];

async function lookUp(
  asked: { file: string; addresses: readonly string[] },
  { time, memoryMb }: { time: Millis; memoryMb: number },
): Promise<z.infer<typeof ANSWER>> {
  const reader = createRequire(import.meta.url).resolve('mmdb-lib');
  const child = spawn(process.execPath, [`--max-old-space-size=${memoryMb}`, '-e', LOOK_UP], {
    env: {},
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: time,
    killSignal: 'SIGKILL',
  });
  // It may end before it has read everything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify({ ...asked, reader }));
  const ended = once(child, 'close');
  const [answer, complaint] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (child.exitCode === 0) return ANSWER.parse(JSON.parse(answer));
  if (child.signalCode === 'SIGKILL') throw new Error(`no answer within ${time / 1000} s`);
  const [, message] = /^\w*Error: (.*)$/m.exec(complaint) ?? [];
  throw new Error(message === undefined ? 'it takes too much memory' : printable(message));
}
