/** Where a request goes, and what it is called where it is kept. Pure. */
import { type Mask, type Query, maskedBody, maskedQuery } from './mask.ts';
import type { Redaction } from './redaction.ts';

export type Ask = {
  /** GET where it is left out. A POST must only read. */
  method?: 'GET' | 'POST';
  /** Below the base URL, its variable segments percent-encoded; or an absolute URL, as a Link header has it. */
  path: string;
  query?: Query;
  headers?: Readonly<Record<string, string>>;
  /** JSON. */
  body?: string;
  /** Stands in the note, in the records, in what the answer is hashed as, and in errors. */
  mask?: Mask | null;
  /** Which texts of the answer are hidden before anything of it is kept. Of the vendor's declared ones. */
  redaction?: Redaction;
  /**
   * The URL may be of another host, such as one of files for download. The token is not sent there, and what follows the
   * path is written nowhere: it is a signature, with which anybody may read the file.
   */
  mayLeaveHost?: boolean;
  /** Statuses besides 200 whose body is parsed, such as 204 where that is an answer. */
  accepts?: readonly number[];
};

export type Target = {
  method: string;
  url: URL;
  /** The same as it may be kept. */
  named: URL;
  /** Below the base URL, unless it is elsewhere. */
  path: string;
  /** What the note of a page calls the request: for a GET its path and query, else the method before and the body after. */
  note: string;
  isElsewhere: boolean;
};

/** @throws Error, which is a defect, for a URL outside of the base URL that is not allowed to leave it */
export function targetOf(ask: Ask, baseUrl: string): Target {
  const { method = 'GET', path, query = {}, body, mask = null, mayLeaveHost = false } = ask;
  const base = new URL(baseUrl.replace(/\/+$/, ''));
  const url = urlOf(base, path, query);
  // A file is somewhere else also where the same host has it: it takes a signature and no token.
  const isElsewhere = mayLeaveHost || url.origin !== base.origin;
  const named = isElsewhere
    ? new URL(url.origin + url.pathname)
    : urlOf(base, path, maskedQuery(query, mask));
  const prefix = base.pathname.replace(/\/$/, '');
  // Another scheme could be an unencrypted one.
  const isAllowed = isElsewhere
    ? mayLeaveHost && (url.protocol === base.protocol || url.protocol === 'https:')
    : url.pathname.startsWith(`${prefix}/`);
  if (!isAllowed) {
    throw new Error(
      `a request to ${url.origin}${url.pathname} would leave the base URL ${base.href}: a path is given below it, a link as an absolute URL`,
    );
  }
  const asked = isElsewhere ? named.href : named.pathname + named.search;
  return {
    method,
    url,
    named,
    path: isElsewhere ? url.pathname : url.pathname.slice(prefix.length),
    note: method === 'GET' ? asked : [method, asked, ...kept(body, mask)].join(' '),
    isElsewhere,
  };
}

/** A request as the note of a page has it, with its method. */
export function requestLine(note: string): string {
  return /^[A-Z]+ /.test(note) ? note : `GET ${note}`;
}

function kept(body: string | undefined, mask: Mask | null): string[] {
  if (body === undefined) return [];
  return [mask === null ? body : maskedBody(Buffer.from(body), mask).toString('utf8')];
}

function urlOf(base: URL, path: string, query: Query): URL {
  const isAbsolute = /^https?:\/\//i.test(path);
  const url = new URL(isAbsolute ? path : base.href.replace(/\/$/, '') + path);
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'string') url.searchParams.set(name, value);
    else for (const one of value) url.searchParams.append(name, one);
  }
  return url;
}
