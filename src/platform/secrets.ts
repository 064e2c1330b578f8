/** Shorter texts would also hide parts of harmless words. */
const SHORTEST = 6;

/**
 * Makes a function that puts `[secret]` in place of every secret in a text, in each form in which
 * one can come back: as it is, inside JSON, in a URL, in base64 (alone or as `Bearer <secret>`).
 */
export function makeScrubber(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf));
  if (forms.size === 0) return (text) => text;
  // Longest first: a secret that begins another one must not leave the rest of it behind.
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(literal).join('|'), 'g');
  return (text) => text.replace(pattern, '[secret]');
}

function formsOf(secret: string): string[] {
  // By way of bytes, as encodeURIComponent throws at half a surrogate pair.
  const encoded = encodeURIComponent(Buffer.from(secret).toString());
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encoded,
    // Lower-case escapes are equally valid.
    encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    ...base64Forms(secret),
    ...base64Forms(`Bearer ${secret}`),
  ];
}

function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const padded = bytes.toString('base64');
  // Without padding too; it may be dropped, and the padded form is longer and so tried first.
  return [padded, padded.replace(/=+$/, ''), bytes.toString('base64url')];
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
