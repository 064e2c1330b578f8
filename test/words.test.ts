/** One meaning, one word: the table in docs/development.md, held in names, comments, messages and guides. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const GUIDE = 'docs/development.md';

/** Refused everywhere, whatever they are meant to say. */
const GUESSED = ['hopeless', 'stranger', 'strangers', 'beside'];
/** Refused as names; in a sentence they are English. */
const GUESSED_NAMES = ['told', 'reach'];

type Line = { file: string; number: number; text: string };

function linesOf(files: readonly string[]): Line[] {
  return files.flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .map((text, i) => ({ file, number: i + 1, text })),
  );
}

function filesIn(folder: string, extension: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => extension.test(file))
    .map((file) => join(folder, file))
    .toSorted();
}

/** The last column of the table. */
function refused(): string[] {
  const text = readFileSync(join(ROOT, GUIDE), 'utf8');
  const table = /^\| word \| meaning \| not \|\n(?:\|.*\n)+/m.exec(text)?.[0] ?? '';
  const rows = table.trim().split('\n').slice(2);
  expect(rows.length).toBeGreaterThan(8);
  return rows.flatMap((row) => {
    const [, , , not = ''] = row.split('|').map((cell) => cell.trim());
    return not === '' ? [] : not.split(', ').flatMap((word) => [word, `${word}s`]);
  });
}

const CODE = filesIn('src', /\.(ts|sql|csv)$/);
const GUIDES = ['README.md', ...filesIn('docs', /\.md$/).filter((file) => file !== GUIDE)];

const at = ({ file, number }: Line, word: string): string => `${file}:${number}: ${word}`;

/** A word as it stands in a sentence, also with a hyphen. */
function inText(word: string): RegExp {
  return new RegExp(`(?<![\\w-])${word.replaceAll(/[ -]/g, '[ -]')}(?![\\w-])`, 'i');
}

test('no text has another word for what has one', () => {
  const words = [...refused(), ...GUESSED].map((word) => ({ word, pattern: inText(word) }));
  const found = linesOf([...CODE, ...GUIDES]).flatMap((line) =>
    words.filter(({ pattern }) => pattern.test(line.text)).map(({ word }) => at(line, word)),
  );
  expect(found).toEqual([]);
});

test('no name has one either, nor one that only its author can interpret', () => {
  const parts = new Set([...refused().filter((word) => !/[ -]/.test(word)), ...GUESSED]);
  const found = linesOf(CODE.filter((file) => file.endsWith('.ts'))).flatMap((line) =>
    namesIn(line.text)
      .filter(
        (name) =>
          GUESSED_NAMES.includes(name.toLowerCase()) ||
          partsOf(name).some((part) => parts.has(part)),
      )
      .map((name) => at(line, name)),
  );
  expect(found).toEqual([]);
});

/** A number that may be one, straight before a plural. */
const ALWAYS_MANY =
  /\$\{(?![A-Z_]+\})[^{}]*\} (faults|segments|files|events|records|rows|batches|streams|days|lines|proofs|questions|detections)\b/;

test('what is counted may be one: `counted` has the word for it', () => {
  const screens = CODE.filter((file) =>
    /^src\/(commands|evidence|report|runs|schedule)\//.test(file),
  );
  const found = linesOf(screens).filter(
    ({ text }) => ALWAYS_MANY.test(text) && !text.includes('=== 1'),
  );
  expect(found.map((line) => at(line, line.text.trim()))).toEqual([]);
});

/** The names of a line of TypeScript: no comment, no text. */
function namesIn(line: string): string[] {
  if (/^\s*(\/?\*|\/\/)/.test(line)) return [];
  const code = line.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|\/\/ .*$/g, ' ');
  return code.match(/[A-Za-z_$][\w$]*/g) ?? [];
}

function partsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[ _$]+/)
    .map((part) => part.toLowerCase());
}
