/** Header fields by their names in lower case. A field that was sent several times has its values joined by commas. */
export type Headers = ReadonlyMap<string, string>;

/** undici's form of header fields as a map. */
export function headersOf(fields: Record<string, string | string[] | undefined>): Headers {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    headers.set(name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}
