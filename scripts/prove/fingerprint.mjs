/** How many, the least, the greatest and the sum of each column: exact in every engine, whatever the order of rows. */

/** One row of texts: the count of rows, then four for each column. */
export function fingerprintSql(dialect, columns, from) {
  const parts = columns.flatMap((column) => {
    const value = comparable(dialect, column);
    return [
      `count(${value})`,
      `min(${value})`,
      `max(${value})`,
      // Doubles add up otherwise in another order.
      column.type === 'DOUBLE'
        ? `count(distinct ${value})`
        : `sum(${dialect.whole(column.type === 'VARCHAR' ? dialect.bytes(value) : value)})`,
    ];
  });
  return `select ${['count(*)', ...parts].map(dialect.text).join(', ')} from ${from}`;
}

function comparable(dialect, { name, type }) {
  const column = dialect.quoted(name);
  if (type === 'TIMESTAMP WITH TIME ZONE') return dialect.micros(column);
  if (type === 'BOOLEAN') return `case when ${column} then 1 when not ${column} then 0 end`;
  return column;
}

/** The first column whose fingerprint is another, with both; null if there is none. */
export function differenceOf(columns, expected, seen) {
  const names = ['rows', ...columns.flatMap(({ name }) => [name, name, name, name])];
  const types = ['', ...columns.flatMap(({ type }) => [type, type, type, type])];
  const at = expected.findIndex((text, i) => !isSame(types[i], text, seen[i]));
  return at === -1 ? null : `${names[at]}: ${seen[at]}, not ${expected[at]}`;
}

/** Doubles are the same if they are the same number: engines write them differently. */
function isSame(type, one, other) {
  if (one === null || other === null) return one === other;
  return type === 'DOUBLE' ? Number(one) === Number(other) : one === other;
}
