/** A text that must not be kept, wherever it was asked or answered, and what stands for it. */
export type Mask = { of: string; by: string };

export type Query = Readonly<Record<string, string | readonly string[]>>;

export function maskedQuery(query: Query, mask: Mask | null): Query {
  const masked = (value: string): string => (value === mask?.of ? mask.by : value);
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      typeof value === 'string' ? masked(value) : value.map(masked),
    ]),
  );
}

/** As a whole text only: a short id may be a part of any number, date or word. */
export function maskedBody(body: Buffer, { of, by }: Mask): Buffer {
  return Buffer.from(body.toString('utf8').replaceAll(JSON.stringify(of), JSON.stringify(by)));
}

export function maskedText(text: string, mask: Mask | null): string {
  return mask === null ? text : text.replaceAll(mask.of, mask.by);
}
