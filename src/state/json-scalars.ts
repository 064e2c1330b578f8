/** How texts and numbers of JSON are told apart from other ways of writing the same. Texts have one character per byte. */

export class NotJson extends Error {}

const ESCAPE = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|[^])/g;
const LONE_HALF = /^\\ud[89a-f]..$/i;

/** What stands between the quotes of a text, with the fewest escapes. @throws NotJson */
export function plainText(content: string): string {
  return content.replace(ESCAPE, unescaped);
}

function unescaped(escape: string): string {
  if (LONE_HALF.test(escape)) return escape.toLowerCase();
  let plain: string;
  try {
    plain = JSON.parse(`"${escape}"`) as string;
  } catch {
    throw new NotJson();
  }
  if (plain === '"' || plain === '\\') return `\\${plain}`;
  return Buffer.from(plain, 'utf8').toString('latin1');
}

const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Zeros that are written out; more of them would make a long text of a short one. */
const MOST_ZEROS = 15;

/** A number with all its digits, always written in the same way. Null if it is no number of JSON. */
export function plainNumber(text: string): string | null {
  const found = NUMBER.exec(text);
  if (found === null) return null;
  const [, sign = '', whole = '', fraction = '', power = '0'] = found;
  const all = (whole + fraction).replace(/^0+/, '');
  if (all === '') return '0';
  const digits = all.replace(/0+$/, '');
  const exponent = BigInt(power) - BigInt(fraction.length) + BigInt(all.length - digits.length);
  if (exponent >= 0n && exponent <= MOST_ZEROS) {
    return sign + digits + '0'.repeat(Number(exponent));
  }
  return `${sign}${digits}e${exponent}`;
}
