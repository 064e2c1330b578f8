const ESCAPES =
  /\\+u([0-9A-Fa-f]{4})|%([0-9A-Fa-f]{2})|&#0*([0-9]{1,7});|&#[xX]0*([0-9A-Fa-f]{1,6});/g;

/** More than this nobody nests without a reason. */
const DEEPEST = 4;

/**
 * A text as it is, and with each level of its escapes read: those of JSON, URLs and HTML.
 *
 * @returns null instead of a further text where they are nested too deep to go on
 */
export function* unescaped(text: string): Generator<string | null> {
  let [former, current] = ['', text];
  for (let depth = 0; current !== former; depth++) {
    yield depth > DEEPEST ? null : current;
    if (depth > DEEPEST) return;
    [former, current] = [current, current.replace(ESCAPES, characterOf)];
  }
}

function characterOf(
  escape: string,
  unit?: string,
  byte?: string,
  decimal?: string,
  hexadecimal?: string,
): string {
  const hex = unit ?? byte ?? hexadecimal;
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code > 0x10ffff ? escape : String.fromCodePoint(code);
}
