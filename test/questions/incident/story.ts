/** Who and when, for all vendors of the incident. */
import type { Item } from '../../load/archive.ts';

export const at = (day: number, time = '00:00'): string =>
  `2026-11-${String(day).padStart(2, '0')}T${time}:00Z`;
export const seconds = (instant: string): number => Date.parse(instant) / 1000;

export const BASE = at(1, '02:00');
export const SECOND = at(12, '02:00');
export const LAST = at(21, '02:00');

export const USUAL = '192.0.2.10';
export const INTRUDER = '203.0.113.66';
export const CURL = 'curl/8.6.0';

export type Who = 'ann' | 'bob' | 'cid' | 'dee';
export const mail = (who: Who): string => `${who}@acme.test`;

export type Lists = readonly (readonly [string, Item[], Record<string, string>?])[];
export type Read = (instant: string, lists: Lists) => Promise<void>;
