/** A home and a vendor's log through a history. */
import { verifyArchive } from '../../src/evidence/verify-archive.ts';
import { Archive } from '../../src/state/archive.ts';
import { layout } from '../../src/state/layout.ts';
import type { Head } from '../../src/state/head.ts';
import type { ReadReport } from '../../src/runs/read-sources.ts';
import { breakDisk, type Write } from './disk.ts';
import type { Change, Event, Sync } from './history.ts';
import { readLedger, readSteps } from './read-back.ts';
import { LOOKBACK, record, SETTLE, SIGNING, TRUSTED } from './recorder.ts';
import { Crash, crashAt } from './troubles.ts';
import type { Entry, VendorLog } from './vendor-log.ts';
import { Witness } from './witness.ts';

/** Just before a month ends. */
const BEGINS = Date.UTC(2026, 4, 31, 20);

const MINUTE = 60_000;

/** So many writes a run has at least. */
const FEW_WRITES = 16;

const QUIET: Sync = {
  kind: 'sync',
  crash: null,
  inspected: true,
  pageCap: null,
  tick: 0,
  ours: 0,
  theirs: 0,
  server: { kind: 'well' },
  meanwhile: [],
};

export class Life {
  /** What was being written when the process died. */
  readonly crashes: string[] = [];
  readonly #home: string;
  readonly #log: VendorLog;
  readonly #clock: { at: number };
  readonly #witness = new Witness();
  readonly #heads: Head[] = [];
  readonly #gone = new Set<Entry>();
  #usualWrites = FEW_WRITES;
  #names = 0;

  constructor(home: string, log: VendorLog, clock: { at: number }) {
    this.#home = home;
    this.#log = log;
    this.#clock = clock;
    clock.at = BEGINS;
    log.clear();
  }

  async live(event: Event): Promise<void> {
    if (event.kind === 'time') this.#clock.at += event.passes;
    else if (event.kind === 'sync') await this.#sync(event);
    else this.#change(event);
  }

  /** @returns what is wrong in the end */
  async end(): Promise<string[]> {
    // So that everything that came is older than the settle delay, and no clock is ahead any more.
    this.#clock.at += SETTLE + MINUTE;
    await this.#sync(QUIET);
    const last = await this.#sync(QUIET);
    const [stream] = last?.streams ?? [];
    const { from, to } = stream?.window ?? { from: 0, to: 0 };
    const complaints = this.#witness.finalComplaints(await readSteps(this.#home), {
      from: new Date(from).getTime(),
      to: new Date(to).getTime(),
    });
    if (stream?.outcome !== 'complete') complaints.push(`the last sync is ${stream?.outcome}`);
    const news = (stream?.new_records ?? 0) + (stream?.changed_records ?? 0);
    if (news > 0) complaints.push(`the last sync brought ${news} records again`);
    return complaints;
  }

  async #sync(sync: Sync): Promise<ReadReport | null> {
    const clock = this.#clock;
    const now = (): number => {
      clock.at += sync.tick;
      return clock.at + sync.ours;
    };
    this.#witness.look(this.#log.entries());
    this.#witness.syncs += 1;
    this.#serve(sync);
    const place = Math.floor((sync.crash?.share ?? 0) * this.#usualWrites);
    const trouble = crashAt(
      sync.crash === null ? Number.POSITIVE_INFINITY : place,
      sync.crash?.moment ?? 'before',
    );
    const disk = breakDisk(this.#home, trouble);
    let report: ReadReport | null = null;
    try {
      report = await record(this.#home, this.#log.open(now), now);
    } catch (error) {
      // Anything else is a run that could not go on from where the last one died.
      if (!(error instanceof Crash)) throw error;
    } finally {
      disk.restore();
    }
    this.#witness.look(this.#log.entries());
    const last = disk.writes[place];
    if (sync.crash !== null && last !== undefined) {
      if (report !== null) throw new Error(`the run went on after ${nameOf(last)} had failed`);
      this.crashes.push(`${nameOf(last)}${isHalf(last, sync) ? ', half' : ''}`);
    } else {
      if (report === null) throw new Error('the run died without a crash');
      if (report.head !== null) this.#heads.push(report.head);
      this.#usualWrites = Math.max(FEW_WRITES, disk.writes.length);
    }
    const { ledger } = await Archive.openForReading(layout(this.#home));
    this.#witness.follow(ledger.cursor(this.#log.name, 'audit-logs'));
    if (sync.inspected) await this.#inspect(now);
    return report;
  }

  async #inspect(now: () => number): Promise<void> {
    await Archive.openForWriting(layout(this.#home), now, SIGNING);
    const ledger = await readLedger(this.#home);
    if (ledger.length === 0) return;
    const kept = { trusted: TRUSTED, heads: this.#heads };
    const { archive } = await verifyArchive(layout(this.#home), {
      ...kept,
      onProgress: () => undefined,
    });
    const complaints = archive.faults.map(
      ({ file, line, what }) => `${file}, line ${line}: ${what}`,
    );
    complaints.push(...this.#witness.complaints(await readSteps(this.#home)));
    for (const [index, { seq }] of ledger.entries()) {
      if (seq !== index + 1) complaints.push(`line ${index + 1} has seq ${seq}`);
    }
    if (complaints.length > 0) throw new Error(complaints.slice(0, 10).join('\n'));
  }

  #serve({ theirs, pageCap, server, meanwhile }: Sync): void {
    const { vendor, path } = this.#log;
    Object.assign(vendor.quirks, { pageCap, dateHeaderSkewMs: theirs });
    Object.assign(vendor.faults, { next: [], always: null, match: (at: string) => at === path });
    // A source that is down says to come back much later, so that the run gives it up at once.
    this.#log.retryAfter = server.kind === 'down' ? 600 : 0;
    if (server.kind === 'fault') vendor.faults.next.push(server.fault);
    let answered = 0;
    vendor.onRequest = ({ path: asked }) => {
      if (asked !== path) return;
      answered += 1;
      if (server.kind === 'down' && answered > server.after) vendor.faults.always = '500';
      const change = answered > 1 ? meanwhile[answered - 2] : undefined;
      // Those of one instant are not moved while they are read: no reader could tell that from a loss.
      if (change === undefined || change.kind === 'reordered') return;
      this.#change(change);
      this.#witness.look(this.#log.entries());
    };
  }

  #change(change: Change): void {
    const log = this.#log;
    const at = this.#clock.at;
    if (change.kind === 'new' || change.kind === 'late' || change.kind === 'tie') {
      for (let n = 0; n < change.count; n += 1) this.#put(at - ageOf(change, n));
      return;
    }
    // What is older is not read again: nobody could know of it.
    const isRecent = (entry: Entry): boolean => entry.time > at - LOOKBACK / 2;
    const among = [...(change.kind === 'back' ? this.#gone : log.entries())].filter(isRecent);
    const entry = among[change.pick % Math.max(1, among.length)];
    if (entry === undefined) return;
    if (change.kind === 'changed') log.change(entry.key, (this.#names += 1));
    if (change.kind === 'gone' || change.kind === 'reordered') log.remove(entry.key);
    if (change.kind === 'gone') this.#gone.add(entry);
    if (change.kind === 'back') this.#gone.delete(entry);
    if (change.kind === 'back' || change.kind === 'reordered') {
      log.put(entry.key, entry.time, entry.version);
    }
  }

  #put(time: number): void {
    this.#names += 1;
    const { grain } = this.#log;
    this.#log.put(`audit_log-e${this.#names}`, Math.floor(time / grain) * grain, 0);
  }
}

/** How old the n-th event of a change is when it comes. */
function ageOf(change: Change, n: number): number {
  if (change.kind === 'late') return change.by;
  return change.kind === 'new' ? Math.floor((change.within * n) / change.count) : 0;
}

/** The kind of a write and of what it writes. */
function nameOf({ operation, path }: Write): string {
  if (path.startsWith('set-aside')) return `${operation} set aside`;
  if (path.endsWith('.gz') || path.endsWith('.gz.tmp')) return `${operation} batch`;
  return `${operation} ${path.endsWith('.ndjson') ? 'ledger' : 'folder'}`;
}

function isHalf({ operation }: Write, { crash }: Sync): boolean {
  return operation === 'write' && crash?.moment === 'half';
}
