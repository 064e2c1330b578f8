import type { StatusDocument } from '../documents/status.ts';
import type { JsonValue } from '../load/query/json-values.ts';
import type { Head } from '../state/head.ts';
import type { Html } from './html.ts';
import type { Scope } from './scope.ts';

export type Row = Record<string, JsonValue>;

/** A column of a row that is a text. */
export function textIn(row: Row, key: string): string {
  const value = row[key];
  return typeof value === 'string' ? value : '';
}

/** What sections are made from. */
export type Subject = {
  scope: Scope;
  /** As `auditlake status --coverage` has it. */
  status: StatusDocument;
  ledger: LedgerState;
  /** Makes a temporary table of what `makeScope` has made. */
  make: (sql: string) => Promise<void>;
  ask: (sql: string) => Promise<Row[]>;
  /** Notes an event that the page names: a pack of evidence has its proof. */
  cite: (eventUid: string) => void;
};

/** Where the ledger stands. */
export type LedgerState = {
  head: Head | null;
  /** Public keys that are trusted, in hex. */
  trustedKeys: readonly string[];
  /** How far the last whole verification went, and when. */
  verified: { seq: number; at: string } | null;
};

/** A part of the report: a question that whoever reads it has. */
export type Section = {
  id: string;
  title: string;
  read: (subject: Subject) => Promise<Html>;
};
