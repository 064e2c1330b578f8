import type { Millis } from '../model.ts';
import { usageError } from '../errors.ts';

/*
 * The text forms of single settings. `where` names the setting for the message ("AUDITLAKE_SETTLE",
 * "settle in auditlake.yaml"). No message repeats a value: in the wrong place it may be a secret.
 */

export const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;
export const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/;
export const SOURCE_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export const COMPRESSIONS = ['zstd', 'snappy', 'gzip'] as const;
export type Compression = (typeof COMPRESSIONS)[number];
export const MAX_CONCURRENCY = 32;

const UNIT: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const LONGEST = 3650 * 86_400_000;

/** `500ms`, `30s`, `15m`, `24h`, `7d` in milliseconds. */
export function parseDuration(text: string, where: string): number {
  const [, digits = '', unit = ''] = DURATION.exec(text) ?? [];
  const ms = Number(digits) * (UNIT[unit] ?? Number.NaN);
  if (!(ms <= LONGEST)) {
    throw usageError(
      `${where} is not a duration`,
      'write a whole number and a unit, at most 3650d: 500ms, 30s, 15m, 24h, 7d',
    );
  }
  return ms;
}

/** How long a request may stay silent: more than nothing, at most an hour. */
export function parseTimeout(text: string, where: string): number {
  const ms = parseDuration(text, where);
  if (ms < 1 || ms > 3_600_000) {
    throw usageError(`${where} is out of range`, 'write a duration from 1ms to 1h, such as 30s');
  }
  return ms;
}

/** An ISO date (its midnight) or instant, in UTC. */
export function parseInstant(text: string, where: string): Millis {
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse takes 30 February for 1 March.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text.slice(0, 10)) {
    throw usageError(
      `${where} is not a date or instant in UTC`,
      'write it as 2025-01-31 or 2025-01-31T12:00:00Z',
    );
  }
  return ms;
}

/** Requests in flight per source. */
export function parseConcurrency(text: string, where: string): number {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > MAX_CONCURRENCY) {
    throw usageError(
      `${where} is out of range`,
      `write a whole number from 1 to ${MAX_CONCURRENCY}`,
    );
  }
  return value;
}

/** A level of the log. */
export function parseLogLevel(text: string, where: string): string {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) {
    throw usageError(`${where} is not a log level`, `write one of ${LOG_LEVELS.join(', ')}`);
  }
  return level;
}

/** The address of an API without its trailing slash. Plain http is for loopback only. */
export function parseBaseUrl(text: string, where: string): string {
  const example = 'write an address such as https://console.example.com';
  if (!URL.canParse(text)) throw usageError(`${where} is not a URL`, example);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw usageError(`${where} is not an http or https address`, example);
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError(
      `${where} has a user name or password in it`,
      'remove them from the address: the token alone identifies the client',
    );
  }
  if (/[?#]/.test(text)) {
    throw usageError(`${where} has a query or fragment`, 'end the address before the ? or #');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw usageError(
      `${where} would send the token unencrypted`,
      'use https; plain http is accepted for localhost, 127.0.0.0/8 and [::1] only',
    );
  }
  return url.href.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** A token that can travel in a header as it is. */
export function checkToken(token: string, where: string): string {
  if (token === '') throw usageError(`${where} is empty`, 'put the token there');
  if (/\s/.test(token)) {
    throw usageError(
      `${where} has a space or line break in it`,
      'put the token alone there, on one line and without quotes',
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw usageError(
      `${where} has characters that no token has`,
      'copy the token again: only visible ASCII characters can be sent',
    );
  }
  return token;
}

/** Keys of the vendor's older API are told by their beginning and refused by the API that is read here. */
export function checkDevinToken(token: string, where: string): string {
  if (token.startsWith('apk_')) {
    throw usageError(
      `${where} is a key of Devin's API v1 or v2 (apk_…), which API v3 does not accept`,
      'make a service user of the enterprise in Devin’s settings and use its key, which begins with cog_',
    );
  }
  return checkToken(token, where);
}

/** A key that cannot be guessed by trying all of them. */
export function checkPseudonymKey(key: string, where: string): string {
  if (key.length >= 16) return key;
  throw usageError(`${where} is shorter than 16 characters`, 'make one with: openssl rand -hex 32');
}

/** A source's name becomes a folder of the archive, beside `ledger`. */
export function checkSourceName(name: string, where: string): void {
  if (SOURCE_NAME.test(name) && name !== 'ledger') return;
  throw usageError(
    `${where}: this name cannot be used for a source`,
    'use 1 to 63 of a-z 0-9 . _ - that begin with a letter or digit, and not "ledger"',
  );
}
