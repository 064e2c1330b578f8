/**
 * The rows of a small CSV file of ours, in which no value has a comma or a quote.
 *
 * @param name for messages
 * @param columns the header that the file must have
 */
export function rowsOfCsv<Column extends string>(
  name: string,
  text: string,
  columns: readonly Column[],
): Record<Column, string>[] {
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  if (header !== columns.join(',')) {
    throw new Error(`${name} must begin with the line ${columns.join(',')}, not ${header}`);
  }
  return lines.map((line) => {
    const values = line.split(',');
    if (values.length !== columns.length) {
      throw new Error(`${name}: ${line} has ${values.length} values, not ${columns.length}`);
    }
    const row = columns.map((column, i) => [column, values[i] ?? '']);
    return Object.fromEntries(row) as Record<Column, string>;
  });
}
