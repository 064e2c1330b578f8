import { unescaped } from './unescaped.ts';

/** Shorter texts would also hide parts of harmless words. */
const SHORTEST = 6;

/**
 * Makes a function that puts `[secret]` in place of every secret in a text, in each form in which one can come back: as it
 * is, inside JSON, a URL or HTML, in hexadecimal, or in base64, alone or as a part of what was encoded, as in a `Basic` header.
 *
 * It must see a text before anything of it is cut. Of a secret that the other side has cut, its beginning is found: half of it, and
 * at least as much as cannot be a word by chance.
 */
export function makeScrubber(secrets: readonly string[]): (text: string) => string {
  // Longest first: a secret that begins another one must not leave the rest of it behind.
  const longestFirst = [...new Set(secrets)]
    .filter((secret) => secret.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return (text) => text;
  const patterns = (character: (one: string) => string): string[] => [
    ...longestFirst.flatMap((secret) => [`Bearer ${secret}`, secret].map(base64Pattern)),
    ...longestFirst.map((secret) => cutPattern(Array.from(secret, character))),
    ...longestFirst.flatMap(embeddedPatterns),
    ...longestFirst.map((secret) =>
      [...Buffer.from(secret, 'utf8')].map((byte) => hexOf(byte, 2)).join(''),
    ),
  ];
  const plain = new RegExp(patterns(punctuationPattern).join('|'), 'g');
  const isWithoutEscapes = longestFirst.every((secret) => WITHOUT_ESCAPES.test(secret));
  let escaped: RegExp | null = null;
  return (text) => {
    if (!ESCAPE.test(text)) return text.replace(plain, '[secret]');
    if (isWithoutEscapes && !hides(text, plain)) return text;
    escaped ??= new RegExp(patterns(characterPattern).join('|'), 'g');
    return text.replace(escaped, '[secret]');
  };
}

/** In a text without one, letters and digits can only stand as they are. */
const ESCAPE = /\\u|%[0-9A-Fa-f]{2}|&#/;

/** Nothing in such a secret is taken for an escape, so that reading those around it shows it. */
const WITHOUT_ESCAPES = /^[!-$'-[\]-~]+$/;

/**
 * Whether there can be a secret in a text, escaped or not. Nearly every text with an escape has an address in it and no secret, and
 * the pattern for all escapes takes 40 ms to compile.
 */
function hides(text: string, plain: RegExp): boolean {
  for (const form of unescaped(text)) if (form === null || form.search(plain) >= 0) return true;
  return false;
}

const NAMED: Record<string, string[]> = {
  '&': ['&amp;'],
  '<': ['&lt;'],
  '>': ['&gt;'],
  '"': ['&quot;', String.raw`\"`],
  "'": ['&apos;'],
  '/': [String.raw`\/`],
  '\\': ['\\\\'],
};

/** Fewer characters could be those of a harmless word. */
const SHORTEST_PART = 12;

/** A secret whole or without its end. Of a long one the first characters are enough to find it, and as many as are there are taken away. */
function cutPattern(characters: readonly string[]): string {
  const least = Math.max(SHORTEST_PART, Math.min(characters.length >> 1, 2 * SHORTEST_PART));
  const optional = characters.slice(least).reduceRight((rest, one) => `(?:${one}${rest})?`, '');
  return characters.slice(0, least).join('') + optional;
}

function punctuationPattern(character: string): string {
  return /[A-Za-z0-9]/.test(character) ? character : characterPattern(character);
}

/** One character as it is and as JSON, URLs and HTML may write it: even a letter, by a server that is free to. */
function characterPattern(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const units = character.split('').map((unit) => hexOf(unit.charCodeAt(0), 4));
  const bytes = [...Buffer.from(character, 'utf8')].map((byte) => hexOf(byte, 2));
  const forms = [
    literal(character),
    ...(NAMED[character] ?? []).map(literal),
    units.map((unit) => String.raw`\\+u${unit}`).join(''),
    bytes.map((byte) => `%(?:25)*${byte}`).join(''),
    `&#0*${code};`,
    `&#[xX]0*${hexOf(code, 1)};`,
  ];
  return `(?:${forms.join('|')})`;
}

/** Digits of either case. */
function hexOf(number: number, digits: number): string {
  const hex = number.toString(16).padStart(digits, '0');
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** A text in base64 of either alphabet, with its padding or without. */
function base64Pattern(text: string): string {
  return `${eitherAlphabet(Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, ''))}={0,2}`;
}

/**
 * A secret in the base64 of a longer text. Its digits depend on where it begins in a group of three bytes; those at its
 * ends also on its neighbours, so they are taken away whatever they are.
 */
function embeddedPatterns(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].map((before) => {
    const base64 = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const neighbour = '[A-Za-z0-9+/_-]?';
    return `${neighbour}${eitherAlphabet(base64.slice(from, to))}${neighbour}={0,2}`;
  });
}

function eitherAlphabet(base64: string): string {
  return base64.replace(/[+/]/g, (digit) => (digit === '+' ? '[+-]' : '[/_]'));
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
