/** A column of ours: its name is no one else's text. */
export type ColumnOf = { name: string; type: string };

/**
 * SQL that makes a row the text of one JSON object on one line. What is JSON goes in as it is, digit for digit; nothing is
 * parsed, so that no integer is rounded.
 */
export function rowJsonSql(columns: readonly ColumnOf[]): string {
  const members = columns.map(({ name, type }, i) => {
    const key = `${i === 0 ? '{' : ','}"${name}":`;
    return `'${key}', coalesce(${valueSql(`"${name}"`, type)}, 'null')`;
  });
  // One call: a chain of `||` would copy what is long once per column after it.
  return `concat(${members.join(', ')}, '}')`;
}

function valueSql(column: string, type: string): string {
  if (type === 'JSON') return onOneLine(column);
  if (type === 'TIMESTAMP WITH TIME ZONE') return instantSql(column);
  if (type === 'BIGINT' || type === 'BOOLEAN') return `${column}::varchar`;
  // NaN and the infinities have no JSON number.
  if (type === 'DOUBLE') return `if(isfinite(${column}), ${column}, null)::varchar`;
  return `to_json(${column})::varchar`;
}

/** A line break in JSON stands between its parts: within a text it is escaped. */
function onOneLine(column: string): string {
  return `translate(${column}::varchar, chr(10) || chr(13), '  ')`;
}

/** ISO 8601: milliseconds always, microseconds where there are some, and a sign where a year has not four digits. */
function instantSql(column: string): string {
  // Without the zone: with it DuckDB's calendar counts the years before Christ otherwise.
  const at = `(${column} at time zone 'UTC')`;
  return `case
    when not isfinite(${column}) then '"' || ${column}::varchar || '"'
    else '"'
      || case when year(${at}) between 0 and 9999 then printf('%04d', year(${at})) else printf('%+07d', year(${at})) end
      || case when epoch_us(${at}) % 1000 = 0
        then strftime(${at}, '-%m-%dT%H:%M:%S.%gZ') else strftime(${at}, '-%m-%dT%H:%M:%S.%fZ') end
      || '"'
  end`;
}
