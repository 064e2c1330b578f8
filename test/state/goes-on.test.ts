/** A run goes on from a ledger only where every rule of `verify` holds over all that its own state came from. */
import { hash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { publicKeyHex } from '../../src/platform/signing-keys.ts';
import { Archive } from '../../src/state/archive.ts';
import { type Layout, layout } from '../../src/state/layout.ts';
import type { DeliveryEntry, LedgerLine } from '../../src/state/ledger-schema.ts';
import { lastLine } from '../../src/state/last-line.ts';
import { batchesOf } from '../../src/state/ledger-queries.ts';
import { rootOf } from '../../src/state/merkle.ts';
import { readBatch } from '../../src/state/read-batch.ts';
import { seal, unseal } from '../../src/state/seal.ts';
import { signerFor } from '../../src/state/signing.ts';
import { editSegment, forge } from '../faults/forger.ts';
import { filesOf, newKey, type SignedArchive, signedArchive } from '../faults/signed-archive.ts';

const KEY = newKey();
const SIGNING = { key: KEY, trusted: [publicKeyHex(KEY)] };
const AT = Date.UTC(2026, 6, 2);
const [FIRST, MIDDLE, LAST] = ['2026-04', '2026-05', '2026-06'];

let signed: SignedArchive;
let unsigned: SignedArchive;
/** Another home that the same key signs. */
let foreign: SignedArchive;

beforeAll(async () => {
  signed = await signedArchive(KEY);
  foreign = await signedArchive(KEY);
  unsigned = await signedArchive(null);
});

afterAll(async () => {
  for (const { layout: made } of [signed, foreign, unsigned])
    await rm(made.home, { recursive: true });
});

async function copyOf(made: SignedArchive): Promise<Layout> {
  const home = await mkdtemp(join(tmpdir(), 'auditlake-goes-on-'));
  onTestFinished(() => rm(home, { recursive: true }));
  await cp(made.layout.home, home, { recursive: true });
  return layout(home);
}

const segment = ({ ledger }: Layout, name: string | undefined): string =>
  join(ledger, `${name}.ndjson`);

/** `first` is done before the hash of the month before is taken. */
type Forgery = {
  how?: Partial<LedgerLine>;
  key?: typeof KEY | null;
  first?: () => Promise<unknown>;
};

/** Opens a further month behind the last line, all in order but for what `how` changes and for who signs it. */
async function addSegment(
  here: Layout,
  name: string,
  { how = {}, key = null, first = async () => undefined }: Forgery = {},
): Promise<void> {
  const before = (await readdir(here.ledger)).toSorted().at(-1) ?? '';
  const { ledger } = await Archive.openForReading(here);
  const { seq, ...carried } = ledger.state;
  await first();
  const text = await readFile(join(here.ledger, before));
  const read = unseal(await lastLine(join(here.ledger, before)));
  if ('fault' in read) throw new Error(read.fault);
  const at = new Date(AT).toISOString();
  const previous = { file: before, sha256: hash('sha256', text), seq };
  const line = { format: 1, seq: seq + 1, at, kind: 'open', segment: name, previous, ...carried };
  const opening = { ...line, covers: rootOf([read.sha256]), ...how } as LedgerLine;
  const sign = key === null ? null : signerFor(carried.home, key);
  await writeFile(segment(here, name), `${seal(opening, read.sha256, sign).text}\n`);
}

/** The content of everything in a home. */
async function contentsOf({ home }: Layout): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) contents.set(path, hash('sha256', await readFile(path)));
  }
  return contents;
}

const open = (here: Layout, signing: typeof SIGNING | null): Promise<Archive> =>
  Archive.openForWriting(here, () => AT, signing);

const unsealed = (text: string): object => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');

const DELIVERY = {
  kind: 'delivery' as const,
  sink: 'siem',
  table: 'audit_events',
  from_seq: 0,
  to_seq: 1,
  rows: 1,
  set_aside: [],
} satisfies DeliveryEntry;

const strip = (line: string): string =>
  line.replace(/,"key":"[0-9a-f]+","signature":"[0-9a-f]+"\}$/, '}');
const ahead = (line: LedgerLine): LedgerLine =>
  line.kind === 'batch' ? { ...line, cursor: { ...line.cursor, watermark: AT } } : line;

describe('a run with the key stops where somebody wrote without it', () => {
  const cases: [what: string, alter: (here: Layout) => Promise<unknown>][] = [
    ['a month that is not signed', (here) => addSegment(here, '2026-07')],
    [
      'two months that are not signed',
      async (here) => {
        await addSegment(here, '2026-07');
        await addSegment(here, '2026-08');
      },
    ],
    [
      'a month that is not signed, behind a line whose signature was taken away',
      async (here) => {
        const first = () =>
          editSegment(here, LAST ?? '', (lines) => [
            ...lines.slice(0, -1),
            ...lines.slice(-1).map(strip),
          ]);
        await addSegment(here, '2026-07', { first });
      },
    ],
    ['a month that another key signed', (here) => addSegment(here, '2026-07', { key: newKey() })],
    [
      'the last month of another home, which the same key signed',
      (here) => cp(segment(foreign.layout, LAST), segment(here, LAST)),
    ],
    [
      'a month of another home behind the last one',
      (here) => cp(segment(foreign.layout, LAST), segment(here, '2026-07')),
    ],
    ['an earlier month again', (here) => cp(segment(here, MIDDLE), segment(here, '2026-07'))],
    [
      'a closed month of which a signature was taken away',
      (here) => editSegment(here, MIDDLE ?? '', (lines) => lines.with(1, strip(lines[1] ?? ''))),
    ],
    ['a closed month that is missing', (here) => rm(segment(here, MIDDLE))],
    ['a ledger without any signature', (here) => forge(here, (lines) => lines, null)],
    ['a ledger that another key signed', (here) => forge(here, (lines) => lines, newKey())],
  ];
  test.each(cases)('%s', async (_what, alter) => {
    const here = await copyOf(signed);
    await alter(here);
    const before = await contentsOf(here);
    const work = async (): Promise<void> => {
      (await open(here, SIGNING)).ledger.requireKey();
    };
    await expect(work()).rejects.toMatchObject({ code: 'integrity', exit: 5 });
    expect(await contentsOf(here)).toEqual(before);
  });
});

describe('a run without a key stops where the chain is broken', () => {
  const cases: [what: string, alter: (here: Layout) => Promise<unknown>][] = [
    [
      'a month that opens with other cursors',
      (here) => addSegment(here, '2026-07', { how: { cursors: {} } as Partial<LedgerLine> }),
    ],
    [
      'a month that opens with other totals',
      (here) => addSegment(here, '2026-07', { how: { totals: {} } as Partial<LedgerLine> }),
    ],
    [
      'a month that skips a number',
      (here) => addSegment(here, '2026-07', { how: { seq: 99 } as Partial<LedgerLine> }),
    ],
    [
      'a month that covers nothing',
      (here) => addSegment(here, '2026-07', { how: { covers: null } as Partial<LedgerLine> }),
    ],
    [
      'a month of another home',
      (here) => addSegment(here, '2026-07', { how: { home: 'elsewhere' } as Partial<LedgerLine> }),
    ],
    [
      'a line before the last month that was edited',
      (here) =>
        editSegment(here, MIDDLE ?? '', (lines) =>
          lines.map((line) => line.replace('"new_records":5', '"new_records":4')),
        ),
    ],
    ['a month that is missing', (here) => rm(segment(here, MIDDLE))],
    [
      'an end that was cut off while its batches are there',
      (here) => editSegment(here, LAST ?? '', (lines) => lines.slice(0, 2)),
    ],
  ];
  test.each(cases)('%s', async (_what, alter) => {
    const here = await copyOf(unsigned);
    await alter(here);
    const before = await contentsOf(here);
    await expect(open(here, null)).rejects.toMatchObject({ code: 'integrity', exit: 5 });
    expect(await contentsOf(here)).toEqual(before);
  });

  test('and where months that are not signed follow a signed ledger', async () => {
    const here = await copyOf(signed);
    await addSegment(here, '2026-07');
    await addSegment(here, '2026-08');
    await expect(open(here, null)).rejects.toMatchObject({ code: 'integrity', exit: 5 });
  });
});

describe('what a run goes back to is as it was committed', () => {
  test('an earlier month', async () => {
    const here = await copyOf(signed);
    await editSegment(here, FIRST ?? '', (lines) => lines.toSpliced(2, 1));
    const archive = await open(here, SIGNING);
    const back = batchesOf(archive, 'tabnine', 'users', { base: 1 });
    await expect(back).rejects.toMatchObject({ code: 'integrity' });
    const all = async (): Promise<void> => {
      for await (const _ of archive.batches(0));
    };
    await expect(all()).rejects.toMatchObject({ code: 'integrity' });
  });

  test('the newest month, whatever somebody does to it while the run is at work', async () => {
    const here = await copyOf(signed);
    const archive = await open(here, SIGNING);
    const back = async (): Promise<number[]> =>
      (await batchesOf(archive, 'tabnine', 'users', { base: 1 })).map(({ seq }) => seq);
    const before = await back();
    const file = segment(here, LAST);
    const text = await readFile(file, 'utf8');
    // What is more than what was checked is not read.
    const forged = JSON.stringify({
      ...unsealed(text),
      kind: 'batch',
      source: 'tabnine',
      stream: 'users',
    });
    await writeFile(file, `${text}${forged}\n`);
    expect(await back()).toEqual(before);
    await writeFile(file, text);
    await addSegment(here, '2026-12');
    expect(await back()).toEqual(before);
    await rm(segment(here, '2026-12'));
    await writeFile(file, text.replace(/"stored_records":\d/, '"stored_records":8'));
    await expect(back()).rejects.toMatchObject({ code: 'integrity', exit: 5 });
    await writeFile(file, text);
    expect(await back()).toEqual(before);
    // The opening of the next month has the hash of what was there, not of what is.
    await writeFile(file, text.replaceAll('"at":"2026', '"at":"2027'));
    await archive.noteDelivery(DELIVERY);
    await writeFile(file, text);
    await open(here, SIGNING);
  });

  test('a month and the one after it, exchanged together', async () => {
    const here = await copyOf(signed);
    const archive = await open(here, SIGNING);
    const segments = await archive.segments();
    const names = [FIRST, MIDDLE, LAST].map((name) => segment(here, name));
    const texts = await Promise.all(names.map((name) => readFile(name, 'utf8')));
    const read = async (index: number): Promise<void> => {
      for await (const _ of segments.lines(index));
    };
    await read(2);
    await read(1);
    const [first = '', middle = ''] = texts;
    const other = first.replaceAll('"at":"2026', '"at":"2027');
    await writeFile(names[0] ?? '', other);
    await writeFile(names[1] ?? '', middle.replace(hash('sha256', first), hash('sha256', other)));
    await expect(read(0)).rejects.toMatchObject({ code: 'integrity' });
  });

  test('a batch', async () => {
    const here = await copyOf(signed);
    const archive = await open(here, SIGNING);
    const [batch, other] = await batchesOf(archive, 'tabnine', 'users', { base: 1 });
    if (batch === undefined || other === undefined) throw new Error('there are no batches');
    expect(await readBatch(here, batch)).toHaveLength(7);
    await rename(join(here.archive, other.file), join(here.archive, batch.file));
    await expect(readBatch(here, batch)).rejects.toMatchObject({ code: 'integrity' });
    await expect(readBatch(here, other)).rejects.toMatchObject({ code: 'integrity' });
  });
});

describe('a run goes on', () => {
  test.each([
    ['with the key', () => signed, SIGNING],
    ['without a key from lines that are not signed', () => unsigned, null],
    [
      'from lines that are not signed, if the key is new',
      () => unsigned,
      { ...SIGNING, begins: true },
    ],
  ])('%s', async (_what, made, signing) => {
    const here = await copyOf(made());
    const { ledger } = await open(here, signing);
    ledger.requireKey();
    const heads = made().heads.map(({ seq }) => seq);
    expect(ledger.state.seq).toBe(heads.at(-1));
    expect(await filesOf(here)).toEqual(await filesOf(made().layout));
  });

  test('not with a new key, unless it is said to be one', async () => {
    const here = await copyOf(unsigned);
    const { ledger } = await open(here, SIGNING);
    expect(() => ledger.requireKey()).toThrow(
      expect.objectContaining({
        exit: 5,
        hint: expect.stringContaining('--begin-signing') as string,
      }),
    );
  });

  test('from a forged ledger that is right in itself and not signed: nobody can tell', async () => {
    const here = await copyOf(unsigned);
    await forge(here, (lines) => lines.map(ahead), null);
    expect((await open(here, null)).ledger.cursor('tabnine', 'audit-logs').watermark).toBe(AT);
  });
});

test('not behind a last line that is followed by what is no newline: no crash leaves that', async () => {
  const here = await copyOf(signed);
  const file = segment(here, LAST);
  const bytes = await readFile(file);
  await writeFile(file, Buffer.concat([bytes.subarray(0, -1), Buffer.from('\v')]));
  await expect(Archive.openForWriting(here, () => AT, SIGNING)).rejects.toMatchObject({
    exit: 5,
    message: expect.stringContaining('what is no newline'),
  });
});
