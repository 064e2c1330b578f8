import { expect, test } from 'vitest';
import { diagnoseAnswer, diagnoseTransport, looksLikeHtml } from '../../src/extract/diagnosis.ts';
import { HttpError, type HttpFault } from '../../src/http/http-error.ts';

const HTML = { 'content-type': 'text/html' };

test.each<[number, Record<string, string>, string, string]>([
  [401, {}, 'refused', 'token-refused'],
  [403, {}, 'forbidden', 'forbidden'],
  [403, { 'retry-after': '5' }, 'limited', 'rate-limited'],
  [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '5' }, 'limited', 'rate-limited'],
  [404, {}, 'absent', 'not-found'],
  [408, {}, 'broken', 'vendor-error'],
  [422, {}, 'rejected', 'request-rejected'],
  [429, {}, 'limited', 'rate-limited'],
  [500, {}, 'broken', 'vendor-error'],
  [503, { 'retry-after': '5' }, 'broken', 'vendor-error'],
  [301, { location: '/b' }, 'rejected', 'redirect'],
  [202, {}, 'broken', 'malformed-answer'],
  [204, {}, 'broken', 'malformed-answer'],
  [206, {}, 'broken', 'malformed-answer'],
  [304, { etag: 'W/"a"' }, 'broken', 'malformed-answer'],
])('status %i with %j: %s, %s', (status, headers, fault, code) => {
  const answer = {
    status,
    headers: new Map(Object.entries(headers)),
    at: 0,
    body: Buffer.alloc(0),
  };
  expect(diagnoseAnswer(answer, () => null)).toMatchObject({ fault, code });
});

test('the vendor’s own words come first, unless a page of somebody else has the status', () => {
  const own = { fault: 'absent', code: 'not-licensed', what: 'no', hint: 'none' } as const;
  const answer = (status: number, headers: Record<string, string>) =>
    diagnoseAnswer(
      { status, headers: new Map(Object.entries(headers)), at: 0, body: Buffer.alloc(0) },
      () => own,
    );
  expect(answer(403, {})).toBe(own);
  expect(answer(403, HTML)).toMatchObject({ code: 'forbidden' });
  expect(answer(500, HTML)).toBe(own);
});

test.each<[HttpFault, string, string]>([
  ['network', 'broken', 'network'],
  ['silent', 'broken', 'network'],
  ['deadline', 'broken', 'answer-too-slow'],
  ['too-slow', 'broken', 'answer-too-slow'],
  ['too-large', 'unstable', 'answer-too-large'],
  ['undecodable', 'broken', 'malformed-answer'],
])('without an answer, %s: %s, %s', (kind, fault, code) => {
  const diagnosis = diagnoseTransport(new HttpError(kind, 'what happened', null));
  expect(diagnosis).toMatchObject({ fault, code, what: 'what happened' });
});

test.each([
  ['{"items":[]}', HTML, false],
  ['\n [1]', HTML, false],
  ['\u{feff}{}', HTML, false],
  ['<!DOCTYPE html>', {}, true],
  [' <html lang="en">', {}, true],
  ['Sign in', HTML, true],
  ['', HTML, true],
  ['Sign in', {}, false],
])('a page or not: %j with %j', (text, headers, expected) => {
  const answer = { status: 200, at: 0, headers: new Map(Object.entries(headers)) };
  expect(looksLikeHtml({ ...answer, body: Buffer.from(text) })).toBe(expected);
});
