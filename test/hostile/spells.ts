/** What a hostile or broken server makes of an answer: one request's worth of trouble, and how it is put on the wire. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import type { Answer } from '../../src/sandbox/answer.ts';
import { bytesOf } from '../../src/sandbox/answer.ts';

/** Each says that it is no answer, or can be seen to be none: a lie that nobody can tell from the truth is not among them. */
export type Spell =
  | { kind: 'status'; status: number; body: keyof typeof BODIES; headers: Record<string, string> }
  | { kind: 'encoded'; coding: keyof typeof CODINGS }
  | { kind: 'mangled'; how: keyof typeof MANGLED }
  | { kind: 'headers'; headers: Record<string, string> }
  | { kind: 'transport'; how: 'cut' | 'reset' | 'early hints' | 'large headers' | 'stall' };

/** What a body may repeat: the token in the forms in which gateways and debug pages print it. */
const ECHOES: readonly ((token: string) => string)[] = [
  (token) => token,
  (token) => Buffer.from(token).toString('base64'),
  (token) => Buffer.from(`Bearer ${token}`).toString('base64url'),
  (token) => Buffer.from(token).toString('hex'),
  (token) => Buffer.from(token).toString('hex').replaceAll(/../g, '%$&'),
  (token) =>
    Buffer.from(token)
      .toString('hex')
      .replaceAll(/../g, String.raw`\u00$&`),
  (token) => token.slice(0, -4),
];

const echo = (token: string): string => ECHOES.map((form) => form(token)).join(' ');

const BODIES = {
  empty: () => '',
  html: (token: string) => `<html><title>Sign in</title>${echo(token)}</html>`,
  json: (token: string) =>
    JSON.stringify({ code: 'x', message: `no: ${echo(token)}`, error: { message: echo(token) } }),
  'long text': (token: string) => `${'a'.repeat(300)}${echo(token)}`.repeat(50),
  binary: () => '\u0000\u0001\ufffd\u001b[2J',
  null: () => 'null',
  'empty list': () => '{"items":[],"total":0}',
} as const satisfies Record<string, (token: string) => string>;

const CODINGS = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  br: brotliCompressSync,
  deflate: deflateRawSync,
  identity: (body: Buffer) => body,
  'gzip that is none': (body: Buffer) => body,
  'gzip that is cut': (body: Buffer) => gzipSync(body).subarray(0, -9),
} as const satisfies Record<string, (body: Buffer) => Buffer>;

const MANGLED = {
  'byte order mark': (text: string) => `\ufeff${text}`,
  'a comma too many': (text: string) => text.replace(/[\]}]\s*$/, ',$&'),
  'not a number': (text: string) => text.replace(/"(total|limit|offset)":\d+/, '"$1":NaN'),
  'half of it': (text: string) => text.slice(0, text.length >> 1),
  'null for a list': (text: string) => text.replace(/\[[\s\S]*\]/, 'null'),
  'null for all': () => 'null',
  'a text for all': () => '"an answer"',
  'twice in a row': (text: string) => text + text,
  'deeply nested': () => `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
} as const satisfies Record<string, (text: string) => string>;

const PAUSES = ['0', '-5', '1', '100000', '1e9', 'soon', '', '99999999999999999999'];
const PAUSE_DATES = ['Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT'];

const pauses = fc.constantFrom(...PAUSES, ...PAUSE_DATES);
const headers = fc.oneof(
  fc.record({ 'retry-after': pauses }),
  fc.record({
    'x-ratelimit-remaining': fc.constantFrom('0', '-1', 'x'),
    'x-ratelimit-reset': pauses,
  }),
  fc.record({ etag: fc.constant('W/"x"'), location: fc.constant('http://192.0.2.1/elsewhere') }),
  fc.constant({ 'content-type': 'text/html' }),
  fc.constant({}),
);

const keys = <T extends object>(of: T): (keyof T)[] => Object.keys(of) as (keyof T)[];

/** One spell; `null` leaves the answer alone. */
export const spells: fc.Arbitrary<Spell | null> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(
        202,
        204,
        304,
        307,
        400,
        401,
        403,
        404,
        408,
        409,
        422,
        429,
        500,
        502,
        503,
        599,
      ),
      body: fc.constantFrom(...keys(BODIES)),
      headers,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('encoded' as const),
      coding: fc.constantFrom(...keys(CODINGS)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('mangled' as const),
      how: fc.constantFrom(...keys(MANGLED)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('headers' as const), headers }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('transport' as const),
      how: fc.constantFrom('cut', 'reset', 'early hints', 'large headers', 'stall'),
    }),
  },
);

/** Sends the answer as the spell would have it. */
export async function cast(
  spell: Spell | null,
  honest: Answer,
  response: ServerResponse,
  token: string,
): Promise<void> {
  const body = bytesOf(honest);
  const type = { 'content-type': honest.type };
  if (spell === null) return send(response, honest.status, type, body);
  switch (spell.kind) {
    case 'status': {
      const text = Buffer.from(BODIES[spell.body](token));
      const isEmpty = spell.status === 204 || spell.status === 304;
      return send(response, spell.status, spell.headers, isEmpty ? Buffer.alloc(0) : text);
    }
    case 'encoded': {
      const coding = spell.coding.split(' ', 1)[0] ?? '';
      const coded = { ...type, 'content-encoding': coding };
      return send(response, honest.status, coded, CODINGS[spell.coding](body));
    }
    case 'mangled':
      return send(response, honest.status, type, Buffer.from(MANGLED[spell.how](body.toString())));
    case 'headers':
      return send(response, honest.status, { ...type, ...spell.headers }, body);
    case 'transport':
      return await transport(spell.how, honest.status, body, response);
  }
}

function send(
  response: ServerResponse,
  status: number,
  more: Record<string, string>,
  body: Buffer,
): void {
  response.writeHead(status, more);
  response.end(body);
}

async function transport(
  how: Extract<Spell, { kind: 'transport' }>['how'],
  status: number,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  if (how === 'reset') {
    response.destroy();
    return;
  }
  if (how === 'early hints') for (let i = 0; i < 20; i++) response.writeProcessing();
  const long = how === 'large headers' ? { 'x-long': 'x'.repeat(20_000) } : {};
  response.writeHead(status, { ...long, 'content-length': body.length });
  if (how !== 'cut' && how !== 'stall') {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, body.length >> 1));
  if (how === 'cut') response.destroy();
  // The client gives up; until then the connection stays open.
  else await once(response, 'close');
}
