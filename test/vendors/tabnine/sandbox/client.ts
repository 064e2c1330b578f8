import type { Sandbox } from '../../../sandbox/start.ts';

export type Reply = { status: number; headers: Headers; text: string };

export type Page = {
  items: { id: string; timestamp: string; eventType: string }[];
  total?: number;
  limit: number;
  offset: number;
};
export type List<Item> = {
  data: Item[];
  meta: { count: number; total: number; next?: { limit: number; offset: number } };
};

export const AUDIT_LOGS = '/api/v1/organization/audit-logs';

/** A GET with the sandbox's token, unless other headers are given. */
export async function get(
  sandbox: Sandbox,
  path: string,
  query: Record<string, string | number> = {},
  init: RequestInit = { headers: { authorization: `Bearer ${sandbox.token}` } },
): Promise<Reply> {
  const url = new URL(sandbox.url + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The JSON of an answer that must be a 200. */
export async function getJson<Body>(
  sandbox: Sandbox,
  path: string,
  query: Record<string, string | number> = {},
): Promise<Body> {
  const { status, text } = await get(sandbox, path, query);
  if (status !== 200) throw new Error(`expected 200 from ${path}, got ${status}: ${text}`);
  const body: Body = JSON.parse(text);
  return body;
}
