/**
 * Makes text from a vendor safe to show. It may contain escape sequences that move the cursor, marks that reverse the reading
 * direction, or line breaks that fake a second line: all of them are shown as \u{…}.
 *
 * @param longest characters of what is shown, before the mark that something is missing
 */
export function printable(text: string, longest = 300): string {
  const shown = text.slice(0, longest).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
  if (shown.length <= longest) return text.length > longest ? `${shown}…` : shown;
  // What takes ten characters to be shown must not make a text longer than whoever gets it takes.
  return `${shown.slice(0, longest).replace(/\\(u(\{[0-9a-f]*)?)?$|[\ud800-\udbff]$/, '')}…`;
}
