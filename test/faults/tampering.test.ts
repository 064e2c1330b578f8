/** Whatever somebody with a shell does to an archive, `verify` says so, and where. */
import {
  appendFile,
  copyFile,
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
import type { ArchiveVerdict } from '../../src/evidence/verify-archive.ts';
import { after, editSegment, parse } from './forger.ts';
import { few } from '../long.ts';
import {
  filesOf,
  type Kept,
  newKey,
  type SignedArchive,
  signedArchive,
  verdictOn,
} from './signed-archive.ts';

const [FIRST, MIDDLE, LAST] = ['2026-04', '2026-05', '2026-06'];

let made: SignedArchive;
/** Two batches of one stream. */
let batches: [string, string];

beforeAll(async () => {
  made = await signedArchive(newKey());
  const [one = '', two = ''] = (await filesOf(made.layout)).filter((file) => file.endsWith('.gz'));
  batches = [one, two];
});

afterAll(() => rm(made.layout.home, { recursive: true }));

const foundIn = (alter: () => Promise<unknown>, kept: Kept = 'nothing'): Promise<ArchiveVerdict> =>
  verdictOn(made, alter, kept);
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
    () => mkdir(at('tabnine/teams/2026'), { recursive: true }),
    'nothing',
  );
  expect(faults).toEqual([]);
});

describe('batches', () => {
  type Case = [what: string, alter: (one: string, two: string) => Promise<unknown>, found: string];
  const cases = few<Case>(7, [
    ['is missing', (one) => rm(at(one)), 'one'],
    ['was swapped with another, which is also named', swap, 'two'],
    ['is a link to the same content elsewhere', linkAway, 'one'],
    ['lies in another folder', (one) => rename(at(one), at(`tabnine/${one.slice(-22)}`)), 'one'],
    ['is cut', (one) => truncate(at(one), 50), 'one'],
    ['has something behind its end', (one) => appendFile(at(one), 'x'), 'one'],
    ['is a folder', (one) => rm(at(one)).then(() => mkdir(at(one))), 'one'],
    ['is renamed', (one) => rename(at(one), at(one.replace('.ndjson', '.json'))), 'one'],
    [
      'has another number',
      (one) => rename(at(one), at(one.replace(/\d{12}/, '000000000099'))),
      'one',
    ],
    ['is empty', (one) => truncate(at(one), 0), 'one'],
    ['was swapped with another', swap, 'one'],
    ['is a copy of another', (one, two) => copyFile(at(two), at(one)), 'one'],
    ['is a link to nowhere', (one) => rm(at(one)).then(() => symlink('/nowhere', at(one))), 'one'],
  ]);
  test.each(cases)('a batch %s', async (_what, alter, named) => {
    const [one, two] = batches;
    const { faults } = await foundIn(() => alter(one, two));
    const file = named === 'one' ? one : two;
    expect(faults).toContainEqual(expect.objectContaining({ file, line: null }));
    expect(faults.find((fault) => fault.file === file)?.seq).toBeGreaterThan(0);
  });
});

describe('what does not belong there', () => {
  const cases = few<[what: string, file: string]>(5, [
    ['an empty segment at the beginning', 'ledger/2026-01.ndjson'],
    ['a batch with a number to come', 'tabnine/audit-logs/2026/06/12/000000000099.ndjson.gz'],
    ['a batch with a number that was', 'tabnine/audit-logs/2026/06/30/000000000002.ndjson.gz'],
    ['a file in the archive', 'notes.txt'],
    ['a file of a stream', 'tabnine/users/notes.txt'],
    ['a file beside the ledger', 'ledger/notes.txt'],
    ['a segment of a month that never was', 'ledger/2026-13.ndjson.bak'],
  ]);
  test.each(cases)('%s', async (_what, file) => {
    const put = async (): Promise<void> => {
      await mkdir(join(at(file), '..'), { recursive: true });
      await writeFile(at(file), '');
    };
    const { faults } = await foundIn(put);
    // An empty segment at the beginning is seen where the one after it says what it follows.
    const named = file.endsWith('2026-01.ndjson') ? segment(FIRST) : file;
    expect(faults.map((fault) => fault.file)).toContain(named);
  });

  test('a folder of a stream that lies elsewhere', async () => {
    const elsewhere = join(made.layout.home, 'elsewhere');
    const { faults } = await foundIn(async () => {
      await rename(at('tabnine/users'), elsewhere);
      await symlink(elsewhere, at('tabnine/users'));
    });
    await rm(elsewhere, { recursive: true });
    expect(faults.map(({ file }) => file)).toContain('tabnine/users');
  });
});

const exchanged = ([a = '', b = '', c = '', ...rest]: string[]): string[] => [a, c, b, ...rest];

/** Puts in a line as the format wants it there, but for the line after it. */
const wedge = (lines: string[]): string[] =>
  lines.toSpliced(2, 0, after(lines[1], parse(lines[1]).line));

describe('lines of the ledger', () => {
  type Case = [what: string, how: (lines: string[]) => string[], line: number];
  const cases: Case[] = [
    ['is removed', (lines) => lines.toSpliced(2, 1), 3],
    ['is removed at the beginning of its segment', (lines) => lines.slice(1), 1],
    ['is there twice', (lines) => lines.toSpliced(2, 0, lines[1] ?? ''), 3],
    ['was exchanged with the next one', exchanged, 2],
    ['was put between two others', wedge, 4],
    ['is empty', (lines) => lines.toSpliced(2, 0, ''), 3],
    ['is no JSON', (lines) => lines.with(2, 'nothing'), 3],
    ['is of another segment', (lines) => [lines[0] ?? '', ...lines], 2],
  ];
  for (const name of few(1, [FIRST, LAST])) {
    test.each(cases)(`a line of ${name} %s`, async (_what, how, line) => {
      const { faults } = await foundIn(() => edit(name, how));
      expect(faults.map((fault) => [fault.file, fault.line])).toContainEqual([segment(name), line]);
    });
  }

  test('a line that was torn in the middle of its text, where another segment follows', async () => {
    const whole = await readFile(at(segment(MIDDLE)));
    const { faults } = await foundIn(() => truncate(at(segment(MIDDLE)), whole.length - 3));
    const last = whole.toString('latin1').split('\n').length - 1;
    expect(faults.map(({ line }) => line)).toContain(last);
  });
});

const put = (file: string, content: string) => async (): Promise<void> => {
  await mkdir(join(at(file), '..'), { recursive: true });
  await writeFile(at(file), content);
};

describe('what a crash leaves is unfinished, not altered', () => {
  const cases: [what: string, alter: () => Promise<unknown>, file: string][] = [
    ['a last line without its end', () => appendFile(at(segment(LAST)), '{"for'), segment(LAST)],
    [
      'a last line that was cut, which may be one that was not written to its end',
      async () => truncate(at(segment(LAST)), (await readFile(at(segment(LAST)))).length - 3),
      segment(LAST),
    ],
    ['a month that was not opened', put('ledger/2026-09.ndjson', ''), 'ledger/2026-09.ndjson'],
    [
      'a month whose opening was torn',
      put('ledger/2026-09.ndjson', '{"format":1,"se'),
      'ledger/2026-09.ndjson',
    ],
    ...[28, 29].map((seq): [string, () => Promise<unknown>, string] => {
      const file = `tabnine/audit-logs/2026/07/01/0000000000${seq}.ndjson.gz`;
      return [`the batch ${seq}, which has no line yet`, put(file, 'half'), file];
    }),
    ...[3, 28, 99].map((seq): [string, () => Promise<unknown>, string] => {
      const file = `tabnine/audit-logs/2026/07/01/${String(seq).padStart(12, '0')}.ndjson.gz.tmp`;
      return [`the batch ${seq} on the way to its name`, put(file, 'half'), file];
    }),
  ];
  test.each(cases)('%s', async (_what, alter, file) => {
    const verdict = await foundIn(alter);
    expect(verdict).toMatchObject({ faults: [], unfinished: [{ file }] });
  });

  test('only where nothing else is wrong', async () => {
    const [one] = batches;
    const verdict = await foundIn(async () => {
      await appendFile(at(segment(LAST)), '{"for');
      await rm(at(one));
    });
    expect(verdict.unfinished).toEqual([]);
    expect(verdict.faults.map(({ file }) => file).toSorted()).toEqual(
      [segment(LAST), one].toSorted(),
    );
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
    const { faults } = await foundIn(() => alter());
    expect(faults.map(({ file }) => file)).toContain(segment(named));
  });

  test('the whole ledger is missing', async () => {
    const { faults } = await foundIn(() => rm(at('ledger'), { recursive: true }));
    expect(faults.map(({ file }) => file)).toContain(batches[0]);
  });
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
