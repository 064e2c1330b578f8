/** One bit of an archive is flipped: `verify` says in which file, and in which line of the ledger. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fraction } from '../../src/sandbox/random.ts';
import { type ArchiveVerdict, verifyArchive } from '../../src/evidence/verify-archive.ts';
import { filesOf, newKey, type SignedArchive, signedArchive } from './signed-archive.ts';
import { tries } from '../long.ts';

/** Two of each kind. */
const FLIPS = tries(1_000, 72);

let made: SignedArchive;

beforeAll(async () => {
  made = await signedArchive(newKey());
});

afterAll(() => rm(made.layout.home, { recursive: true }));

type Place = { file: string; offset: number; line: number | null };

/** Every byte of a kind, in all files of the ledger: what protects it is not the same everywhere. */
const KINDS: [kind: string, pattern: RegExp][] = [
  ['a newline', /\n/dg],
  ['a hash of a line', /,"sha256":"([0-9a-f]{64})"(?=[,}][^{]*\n)/dg],
  ['a hash of the line before', /,"prev":"([0-9a-f]{64})"/dg],
  ['a key', /,"key":"([0-9a-f]{64})"/dg],
  ['a signature', /,"signature":"([0-9a-f]{128})"/dg],
  ['anything in a ledger line', /[^\n]+/dg],
];

/** The places of a kind in a segment. */
function placesIn(file: string, text: string, pattern: RegExp): Place[] {
  return [...text.matchAll(pattern)].flatMap((found) => {
    const [start, end] = found.indices?.[1] ?? found.indices?.[0] ?? [0, 0];
    const line = text.slice(0, start).split('\n').length;
    return Array.from({ length: end - start }, (_, i) => ({ file, offset: start + i, line }));
  });
}

async function placesByKind(): Promise<[kind: string, places: Place[]][]> {
  const files = await filesOf(made.layout);
  const bytes = new Map<string, Buffer>();
  for (const file of files) bytes.set(file, await readFile(join(made.layout.archive, file)));
  const segments = files.filter((file) => file.startsWith('ledger/'));
  const batches = files.filter((file) => !file.startsWith('ledger/'));
  return [
    ...KINDS.map(([kind, pattern]): [string, Place[]] => [
      kind,
      segments.flatMap((file) =>
        placesIn(file, bytes.get(file)?.toString('latin1') ?? '', pattern),
      ),
    ]),
    [
      'a batch',
      batches.flatMap((file) =>
        Array.from({ length: bytes.get(file)?.length ?? 0 }, (_, offset) => ({
          file,
          offset,
          line: null,
        })),
      ),
    ],
  ];
}

const check = async (): Promise<ArchiveVerdict> => {
  const kept = { trusted: [], heads: [], onProgress: () => undefined };
  return (await verifyArchive(made.layout, kept)).archive;
};

test(
  `each of ${FLIPS} flipped bits is found where it is`,
  { timeout: 180_000 + FLIPS * 600 },
  async () => {
    expect((await check()).faults).toEqual([]);
    const kinds = await placesByKind();
    for (const [kind, places] of kinds)
      expect({ kind, some: places.length > 0 }).toEqual({ kind, some: true });
    const unnoticed: object[] = [];
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const [kind, places] = kinds[flip % kinds.length] ?? ['', []];
      const place = places[Math.floor(fraction(5, flip) * places.length)];
      if (place === undefined) throw new Error(`there is no ${kind}`);
      const bit = 1 << Math.floor(fraction(6, flip) * 8);
      const path = join(made.layout.archive, place.file);
      const whole = await readFile(path);
      const flipped = Buffer.from(whole);
      flipped[place.offset] = (flipped[place.offset] ?? 0) ^ bit;
      await writeFile(path, flipped);
      const { faults } = await check();
      await writeFile(path, whole);
      const isFound = faults.some(({ file, line }) => file === place.file && line === place.line);
      if (!isFound) unnoticed.push({ kind, ...place, bit, faults });
    }
    expect(unnoticed).toEqual([]);
    expect((await check()).faults).toEqual([]);
    process.stdout.write(
      `${FLIPS} flipped bits in ${kinds.length} kinds of places: each found in its file and line\n`,
    );
  },
);
