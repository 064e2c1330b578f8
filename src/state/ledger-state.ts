/** What the ledger's lines add up to. Pure. */
import { type Carried, type StreamTotals, streamKey } from './carried.ts';
import type { BatchLine, LedgerLine, PruneLine, RunLine } from './ledger-schema.ts';
import { union } from './seq-ranges.ts';

/** The present, as the last segment tells it. */
export type LedgerState = Carried & { seq: number };

/** The state of a new home, before its first line. */
export function emptyState(home: string): LedgerState {
  return {
    home,
    seq: 0,
    cursors: {},
    organizations: {},
    totals: {},
    pruned: { seqs: [], at: 0 },
    checked: {},
    retention: {},
  };
}

/** The organization that a source is of, as far as known. A source may be called `constructor`, which every object has. */
export function organizationOf({ organizations }: LedgerState, source: string): string | null {
  return Object.hasOwn(organizations, source) ? (organizations[source] ?? null) : null;
}

/** Applies a line to the state. No other place says what a line means. */
export function applyLine(state: LedgerState, line: LedgerLine): void {
  state.seq = line.seq;
  if (line.kind === 'open') {
    state.home = line.home;
    state.cursors = { ...line.cursors };
    state.organizations = { ...line.organizations };
    state.totals = { ...line.totals };
    state.pruned = line.pruned;
    state.checked = { ...line.checked };
    state.retention = { ...line.retention };
  } else if (line.kind === 'batch') applyBatch(state, line);
  else if (line.kind === 'run') applyRun(state, line);
  else if (line.kind === 'prune') {
    const keptOut = joined(state.pruned.kept_out, line);
    state.pruned = {
      seqs: union(state.pruned.seqs, line.seqs),
      at: line.seq,
      // Ledgers of before do not have it, and are compared as they are.
      ...(keptOut === undefined ? {} : { kept_out: keptOut }),
    };
  }
}

type Pruned = Carried['pruned']['kept_out'];

function joined(former: Pruned, { seq, kept_out: added }: PruneLine): Pruned {
  if (added === undefined) return former;
  const all = { ...former };
  for (const [stream, { to }] of Object.entries(added)) {
    const known = Object.hasOwn(all, stream) ? all[stream] : undefined;
    const newest =
      known === undefined ? to : known.to === null || to === null ? null : later(known.to, to);
    all[stream] = { at: known?.at ?? seq, to: newest };
  }
  return all;
}

function applyBatch(state: LedgerState, line: BatchLine): void {
  const key = streamKey(line.source, line.stream);
  state.cursors[key] = line.cursor;
  state.organizations[line.source] = line.organization_id;
  state.totals[key] = sumUp(state.totals[key], line);
}

function applyRun(state: LedgerState, line: RunLine): void {
  for (const entry of line.streams) {
    const { source, cursor, organization_id, checked_up_to, oldest_served } = entry;
    const key = streamKey(source, entry.stream);
    if (cursor !== undefined) state.cursors[key] = cursor;
    if (organization_id !== undefined) state.organizations[source] = organization_id;
    if (checked_up_to !== undefined) state.checked[key] = checked_up_to;
    if (oldest_served !== undefined) {
      state.retention[key] = { oldest_served, measured_at: line.at };
    }
  }
}

function sumUp(totals: StreamTotals | undefined, line: BatchLine): StreamTotals {
  return {
    records: (totals?.records ?? 0) + line.new_records + line.changed_records,
    min_time: earlier(totals?.min_time ?? null, line.min_time),
    max_time: later(totals?.max_time ?? null, line.max_time),
  };
}

function earlier(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b < a) ? b : a;
}

function later(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a;
}
