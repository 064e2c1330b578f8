import type { AuditEvent } from '../../../../src/vendors/devin/sandbox/generated-events.ts';
import type { Sandbox } from '../../../sandbox/start.ts';

export const ENTERPRISE = '/v3/enterprise';
export const DEVIN_LOGS = `${ENTERPRISE}/audit-logs`;

export type DevinPage<Item = AuditEvent> = {
  items: Item[];
  end_cursor?: string | null;
  has_next_page?: boolean;
  total?: number | null;
};

type Query = Record<string, string | number | readonly string[]>;

/** A GET with the given authorization, the sandbox's token unless told otherwise. A list repeats its name. */
export async function ask(
  sandbox: Sandbox,
  path: string,
  query: Query = {},
  authorization = `Bearer ${sandbox.devinToken}`,
): Promise<{ status: number; body: unknown; text: string }> {
  const url = new URL(sandbox.devinUrl + path);
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) url.searchParams.append(name, each);
  }
  const response = await fetch(url, { headers: { authorization } });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text), text };
}

/** The body of an answer that must be a 200. */
export async function read<Body>(sandbox: Sandbox, path: string, query: Query = {}): Promise<Body> {
  const { status, text } = await ask(sandbox, path, query);
  if (status !== 200) throw new Error(`expected 200 from ${path}, got ${status}: ${text}`);
  const body: Body = JSON.parse(text);
  return body;
}

/** The items of all pages. */
export async function readAll<Item = AuditEvent>(
  sandbox: Sandbox,
  path: string,
  query: Query = {},
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | null | undefined;
  do {
    const cursor: Query = typeof after === 'string' ? { after } : {};
    const page = await read<DevinPage<Item>>(sandbox, path, { ...query, ...cursor });
    items.push(...page.items);
    after = page.end_cursor;
  } while (typeof after === 'string');
  return items;
}

/** The first item, which a test cannot do without. */
export function firstOf<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new Error('the sandbox has none');
  return item;
}
