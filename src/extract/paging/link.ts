import { VendorError } from '../../errors.ts';
import type { Ask, SourceClient } from '../client.ts';
import type { Row } from '../record.ts';
import { type CursorPage, cursorPages } from './cursor.ts';

/**
 * Follows the Link header (RFC 8288) to the end of a list: the answer without a `next` is the last one. What is followed
 * is the link as it was given; it must stay on the host of the request.
 */
export function linkPages(
  client: SourceClient,
  ask: Ask,
  parse: (body: Buffer) => { records: Row[] },
): AsyncGenerator<CursorPage & { isLast: boolean }> {
  const fetch = async (link: string | null): Promise<CursorPage> => {
    const asked = link === null ? ask : { ...ask, path: link, query: {} };
    const { value, note, headers } = await client.read(asked, parse);
    const next = nextLink(headers.get('link') ?? '', client.urlOf(asked));
    return { rows: value.records, note, cursor: next, more: next !== null };
  };
  return cursorPages(fetch, ask.path);
}

/**
 * The target of the first link whose relation is `next`, absolute; null if there is none.
 *
 * @param header the values of all Link headers, joined by commas
 * @param from   the URL that was asked: what a relative target is relative to
 * @throws VendorError if it leads to another host: the token must not travel there
 */
export function nextLink(header: string, from: URL): string | null {
  const target = linkTo(header, 'next');
  if (target === null) return null;
  const url = URL.canParse(target, from.href) ? new URL(target, from) : null;
  if (url?.origin === from.origin) return url.href;
  throw new VendorError({
    fault: 'unstable',
    code: 'link-elsewhere',
    url: from.href,
    status: 200,
    what: `the link to the next page leads to ${url?.origin ?? 'no address'}, which is not followed because the token must not go to another place`,
    hint: 'check the base URL: it should name the host that the API itself names in its links',
  });
}

/** The target of the first link with a relation, as it stands there; null if there is none. */
export function linkTo(header: string, relation: string): string | null {
  return linksOf(header).find(({ relations }) => relations.includes(relation))?.target ?? null;
}

type Link = { target: string; relations: string[] };

/** `<target>; name=value; name="value", <target> …`: quoted values may contain any of the separators. */
const LINK =
  /<([^>]*)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"(?:\\.|[^"\\])*"|[^\s;,"]*))?)*)\s*(?:,|$)/g;
const PARAMETER = /;\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s;,"]*)))?/g;

function linksOf(header: string): Link[] {
  return [...header.matchAll(LINK)].map(([, target = '', parameters = '']) => {
    // Of several relations of one link only the first counts, as the RFC says.
    const rel = [...parameters.matchAll(PARAMETER)].find(
      ([, name]) => name?.toLowerCase() === 'rel',
    );
    const value = (rel?.[2] ?? rel?.[3] ?? '').replaceAll(/\\(.)/g, '$1');
    return { target, relations: value.toLowerCase().split(/\s+/) };
  });
}
