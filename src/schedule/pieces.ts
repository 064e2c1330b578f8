/**
 * Cuts a stream of text after each line feed, and where a line is longer than `longest` characters: no output of another
 * process fills the memory of this one.
 */
export async function* piecesOf(
  stream: AsyncIterable<string>,
  longest: number,
): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream) {
    const pieces = chunk.split(/(?<=\n)/);
    for (const piece of pieces) {
      rest += piece;
      if (!piece.endsWith('\n') && rest.length < longest) continue;
      yield rest;
      rest = '';
    }
  }
  if (rest !== '') yield rest;
}
