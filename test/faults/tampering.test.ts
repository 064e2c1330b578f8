/** Whatever somebody with a shell does to an archive, `verify` says so, and where. */
import {
  appendFile,
  copyFile,
  cp,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LedgerLine, seal } from '../../src/state/ledger-line.ts';
import { type ArchiveVerdict, verifyArchive } from '../../src/state/verify-archive.ts';
import {
  altered,
  editSegment,
  filesOf,
  forge,
  lineOf,
  newKey,
  type SignedArchive,
  signedArchive,
} from './signed-archive.ts';

const [FIRST, MIDDLE, LAST] = ['2026-04', '2026-05', '2026-06'];
const KEY = newKey();

let made: SignedArchive;
let other: SignedArchive;
/** Two batches of one stream. */
let batches: [string, string];

beforeAll(async () => {
  made = await signedArchive(KEY);
  other = await signedArchive(KEY);
  const [one = '', two = ''] = (await filesOf(made.layout)).filter((file) => file.endsWith('.gz'));
  batches = [one, two];
});

afterAll(async () => {
  for (const { layout } of [made, other]) await rm(layout.home, { recursive: true });
});

type Kept = 'nothing' | 'keys' | 'heads';

/** What verify finds in the altered archive, for somebody who has kept nothing, the public key, or the heads elsewhere. */
async function foundIn(alter: () => Promise<void>, kept: Kept): Promise<ArchiveVerdict> {
  return await altered(made.layout, alter, () =>
    verifyArchive(made.layout, {
      trusted: kept === 'keys' ? made.trusted : [],
      heads: kept === 'heads' ? made.heads : [],
      onProgress: () => undefined,
    }),
  );
}

const at = (file: string): string => join(made.layout.archive, file);
const segment = (name: string | undefined): string => `ledger/${name}.ndjson`;
const edit = (name: string | undefined, how: (lines: string[]) => string[]): Promise<void> =>
  editSegment(made.layout, name ?? '', how);

test('an archive that nobody touched has no fault, whatever was kept', async () => {
  for (const kept of ['nothing', 'keys', 'heads'] as const) {
    expect((await foundIn(async () => undefined, kept)).faults).toEqual([]);
  }
});

test('an empty folder of a stream is no fault', async () => {
  const { faults } = await foundIn(
    () => mkdir(at('tabnine/teams/2026'), { recursive: true }).then(() => undefined),
    'nothing',
  );
  expect(faults).toEqual([]);
});

describe('batches', () => {
  type Case = [what: string, alter: (one: string, two: string) => Promise<unknown>, found: string];
  const cases: Case[] = [
    ['is missing', (one) => rm(at(one)), 'one'],
    ['is renamed', (one) => rename(at(one), at(one.replace('.ndjson', '.json'))), 'one'],
    [
      'has another number',
      (one) => rename(at(one), at(one.replace(/\d{12}/, '000000000099'))),
      'one',
    ],
    ['lies in another folder', (one) => rename(at(one), at(`tabnine/${one.slice(-22)}`)), 'one'],
    ['is cut', (one) => truncate(at(one), 50), 'one'],
    ['is empty', (one) => truncate(at(one), 0), 'one'],
    ['has something behind its end', (one) => appendFile(at(one), 'x'), 'one'],
    ['was swapped with another', swap, 'one'],
    ['was swapped with another, which is also named', swap, 'two'],
    ['is a copy of another', (one, two) => copyFile(at(two), at(one)), 'one'],
    ['is a folder', (one) => rm(at(one)).then(() => mkdir(at(one))), 'one'],
    ['is a link to the same content elsewhere', linkAway, 'one'],
    ['is a link to nowhere', (one) => rm(at(one)).then(() => symlink('/nowhere', at(one))), 'one'],
  ];
  test.each(cases)('a batch %s', async (_what, alter, named) => {
    const [one, two] = batches;
    const { faults } = await foundIn(() => alter(one, two).then(() => undefined), 'nothing');
    const file = named === 'one' ? one : two;
    expect(faults).toContainEqual(expect.objectContaining({ file, line: null }));
    expect(faults.find((fault) => fault.file === file)?.seq).toBeGreaterThan(0);
  });

  async function swap(one: string, two: string): Promise<void> {
    const [first, second] = [await readFile(at(one)), await readFile(at(two))];
    await writeFile(at(one), second);
    await writeFile(at(two), first);
  }

  async function linkAway(one: string): Promise<void> {
    const elsewhere = join(made.layout.home, 'elsewhere.gz');
    await rename(at(one), elsewhere);
    await symlink(elsewhere, at(one));
  }
});

describe('what does not belong there', () => {
  const cases: [what: string, file: string][] = [
    ['a batch with a number to come', 'tabnine/audit-logs/2026/06/12/000000000099.ndjson.gz'],
    ['a batch with a number that was', 'tabnine/audit-logs/2026/06/30/000000000002.ndjson.gz'],
    ['a file in the archive', 'notes.txt'],
    ['a file of a stream', 'tabnine/users/notes.txt'],
    ['a file beside the ledger', 'ledger/notes.txt'],
    ['a segment of a month that never was', 'ledger/2026-13.ndjson.bak'],
    ['an empty segment at the end', 'ledger/2026-09.ndjson'],
    ['an empty segment at the beginning', 'ledger/2026-01.ndjson'],
  ];
  test.each(cases)('%s', async (_what, file) => {
    const put = async (): Promise<void> => {
      await mkdir(join(at(file), '..'), { recursive: true });
      await writeFile(at(file), '');
    };
    const { faults } = await foundIn(put, 'nothing');
    // An empty segment at the beginning is seen where the one after it says what it follows.
    const named = file.endsWith('2026-01.ndjson') ? segment(FIRST) : file;
    expect(faults.map((fault) => fault.file)).toContain(named);
  });

  test('a folder of a stream that lies elsewhere', async () => {
    const elsewhere = join(made.layout.home, 'elsewhere');
    const { faults } = await foundIn(async () => {
      await rename(at('tabnine/users'), elsewhere);
      await symlink(elsewhere, at('tabnine/users'));
    }, 'nothing');
    await rm(elsewhere, { recursive: true });
    expect(faults.map(({ file }) => file)).toContain('tabnine/users');
  });
});

describe('lines of the ledger', () => {
  const swapped = ([a = '', b = '', c = '', ...rest]: string[]): string[] => [a, c, b, ...rest];
  /** A line as the format wants it, in its right place, but for the line after it. */
  const wedge = (lines: string[]): string[] =>
    lines.toSpliced(2, 0, after(lines[1], parse(lines[1]).line));
  type Case = [what: string, how: (lines: string[]) => string[], line: number];
  const cases: Case[] = [
    ['is removed', (lines) => lines.toSpliced(2, 1), 3],
    ['is removed at the beginning of its segment', (lines) => lines.slice(1), 1],
    ['is there twice', (lines) => lines.toSpliced(2, 0, lines[1] ?? ''), 3],
    ['was exchanged with the next one', swapped, 2],
    ['was put between two others', wedge, 4],
    ['is empty', (lines) => lines.toSpliced(2, 0, ''), 3],
    ['is no JSON', (lines) => lines.with(2, 'nothing'), 3],
    ['is of another segment', (lines) => [lines[0] ?? '', ...lines], 2],
  ];
  for (const name of [FIRST, LAST]) {
    test.each(cases)(`a line of ${name} %s`, async (_what, how, line) => {
      const { faults } = await foundIn(() => edit(name, how), 'nothing');
      expect(faults.map((fault) => [fault.file, fault.line])).toContainEqual([segment(name), line]);
    });
  }

  test('a line that was torn in the middle of its text', async () => {
    const whole = await readFile(at(segment(LAST)));
    const { faults } = await foundIn(
      () => truncate(at(segment(LAST)), whole.length - 3),
      'nothing',
    );
    const last = whole.toString('latin1').split('\n').length - 1;
    expect(faults.map(({ line }) => line)).toContain(last);
  });
});

describe('segments', () => {
  type Case = [what: string, alter: () => Promise<unknown>, named: string | undefined];
  const cases: Case[] = [
    ['the first is missing', () => rm(at(segment(FIRST))), MIDDLE],
    ['one in the middle is missing', () => rm(at(segment(MIDDLE))), LAST],
    ['the last is empty', () => truncate(at(segment(LAST)), 0), LAST],
    ['one has another month', () => rename(at(segment(LAST)), at(segment('2026-08'))), '2026-08'],
    ['two have changed places', swapped, FIRST],
    ['one is there again', () => copyFile(at(segment(LAST)), at(segment('2026-08'))), '2026-08'],
    ['one is a link', linked, MIDDLE],
    ['one is a folder', () => rm(at(segment(LAST))).then(() => mkdir(at(segment(LAST)))), LAST],
  ];
  test.each(cases)('%s', async (_what, alter, named) => {
    const { faults } = await foundIn(() => alter().then(() => undefined), 'nothing');
    expect(faults.map(({ file }) => file)).toContain(segment(named));
  });

  test('the whole ledger is missing', async () => {
    const { faults } = await foundIn(() => rm(at('ledger'), { recursive: true }), 'nothing');
    expect(faults.map(({ file }) => file)).toContain(batches[0]);
  });

  async function swapped(): Promise<void> {
    const aside = join(made.layout.home, 'aside');
    await rename(at(segment(FIRST)), aside);
    await rename(at(segment(MIDDLE)), at(segment(FIRST)));
    await rename(aside, at(segment(MIDDLE)));
  }

  async function linked(): Promise<void> {
    const elsewhere = join(made.layout.home, 'elsewhere');
    await rename(at(segment(MIDDLE)), elsewhere);
    await symlink(elsewhere, at(segment(MIDDLE)));
  }
});

describe('what is right in itself is found by what was kept elsewhere', () => {
  const fewer = (lines: LedgerLine[]): LedgerLine[] =>
    lines.map((line) => (line.kind === 'batch' ? { ...line, new_records: 4 } : line));
  const withoutBatches = (lines: LedgerLine[]): LedgerLine[] =>
    lines.filter((line) => line.kind !== 'batch' || line.file !== batches[0]);
  const forged = (edited: typeof fewer, key: typeof KEY | null) => async (): Promise<void> => {
    await forge(made.layout, edited, key);
    if (edited === withoutBatches) await rm(at(batches[0]));
  };

  type Case = [what: string, alter: () => Promise<void>, kept: Exclude<Kept, 'nothing'>[]];
  const cases: Case[] = [
    ['an end that was cut off', () => edit(LAST, (lines) => cut(lines)), ['heads']],
    ['a last segment that is gone with all that it speaks of', lastMonthGone, ['heads']],
    ['a ledger written anew without the key', forged(fewer, null), ['keys', 'heads']],
    [
      'a batch that is gone from a ledger written anew',
      forged(withoutBatches, null),
      ['keys', 'heads'],
    ],
    ['a ledger written anew with another key', forged(fewer, newKey()), ['keys', 'heads']],
    ['a ledger written anew with the key itself', forged(fewer, KEY), ['heads']],
    ['a closing line added without the key', () => edit(LAST, withRun), ['keys']],
    ['the archive of another home with the same key', ofOtherHome, ['heads']],
    ['signatures that were taken away', () => edit(LAST, (lines) => lines.map(unsigned)), ['keys']],
  ];
  test.each(cases)('%s', async (_what, alter, found) => {
    // Were it found without, it would not be consistent and the test would show nothing.
    expect((await foundIn(alter, 'nothing')).faults).toEqual([]);
    for (const kept of ['keys', 'heads'] as const) {
      const { faults } = await foundIn(alter, kept);
      expect({ kept, found: faults.length > 0 }).toEqual({ kept, found: found.includes(kept) });
      for (const { file } of faults) expect(file).toMatch(/^ledger\//);
    }
  });

  test('a batch that was added at the end without the key is not vouched for', async () => {
    const add = (): Promise<void> =>
      edit(LAST, (lines) => {
        const [last] = lines.slice(-1);
        const batch = lines.find((line) => line.includes('"kind":"batch"'));
        return [...lines, after(last, parse(batch).line)];
      });
    // No fault: a run that died leaves just that. But it shows up to where signatures reach.
    const { faults, seq, signatures } = await foundIn(add, 'keys');
    expect(faults).toEqual([]);
    expect(signatures.up_to_seq).toBe(seq - 1);
  });

  function cut(lines: string[]): string[] {
    return lines.slice(0, -1);
  }

  async function lastMonthGone(): Promise<void> {
    const files = await filesOf(made.layout);
    for (const file of files.filter((name) => name.includes('/2026/06/'))) await rm(at(file));
    await rm(at(segment(LAST)));
  }

  function withRun(lines: string[]): string[] {
    const [last] = lines.slice(-1);
    return [
      ...lines,
      after(last, { ...parse(last).line, covers: parse(last).sha256 } as LedgerLine),
    ];
  }

  function unsigned(line: string): string {
    return line.replace(/,"key":"[0-9a-f]+","signature":"[0-9a-f]+"\}$/, '}');
  }

  async function ofOtherHome(): Promise<void> {
    await rm(at('.'), { recursive: true });
    await cp(other.layout.archive, at('.'), { recursive: true });
  }
});

/** A line as the format wants it behind another one, unsigned. */
function after(line: string | undefined, next: LedgerLine): string {
  const { line: before, sha256 } = parse(line);
  return seal({ ...next, seq: before.seq + 1 }, sha256, null).text;
}

function parse(text = ''): { line: LedgerLine; sha256: string } {
  const { sha256 } = JSON.parse(text) as { sha256: string };
  return { line: lineOf(text), sha256 };
}
