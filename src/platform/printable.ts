/**
 * Makes text from a vendor safe to show. It may contain escape sequences that move the cursor, marks that reverse the reading
 * direction, or line breaks that fake a second line: all of them are shown as \u{…}.
 */
export function printable(text: string, longest = 300): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
