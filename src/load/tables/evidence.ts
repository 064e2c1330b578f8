import {
  date,
  instant,
  integer,
  json,
  number,
  SOURCE,
  table,
  type Table,
  text,
  view,
} from './table.ts';

const ANOMALIES = table(
  'anomalies',
  'One finding: what changed, vanished, could not be mapped, or was refused.',
  {
    columns: {
      at: instant('when it was found'),
      ...SOURCE,
      stream: text('the stream it was found in'),
      kind: text(
        '`changed`, `vanished`, `reappeared`, `unmappable`, `implausible`, `clock`, `refused` …',
      ),
      what: text(
        "about what: JSON or a sentence. Of `refused`: `sink`, `table`, `uid` and the receiver's `reason`",
      ),
      seq: integer('the ledger line of the batch that it is about'),
      n: integer('the line in that batch'),
    },
    key: ['seq', 'n', 'kind'],
    time: 'at',
    lake: { order: '"at", stream, kind, seq, n, what', widest: 'what' },
  },
);

const COVERAGE = view(
  'coverage',
  'One UTC day of one stream: whether it was read, and how that is known.',
  {
    columns: {
      ...SOURCE,
      stream: text('which stream'),
      day: date('the UTC day'),
      state: text('`complete`, `provisional` or `gap`'),
      reason: text(
        'the evidence: `read again after the lookback`, `checked with the vendor`, `read`, `partly read`, `not read yet`, `lost to retention`, `missing at check`, `pruned`',
      ),
      events: integer('of a log: how many the warehouse has of that day; else null'),
      first_read_at: instant('the end of the first run that read of the day'),
      last_read_at: instant('the end of the last run that read of the day'),
      checked_at: instant('when it was compared with the vendor'),
      vendor_count: integer("the vendor's count then, where it gave one"),
      kept_days: number(
        'how long the vendor keeps what the stream brings, in days: as was measured, else as it says; null if neither is known',
      ),
      served_until: instant(
        'until when the vendor has all of the day: until then a gap can be read again. Null if that is not known',
      ),
      note: text('what there is to say about it; null if nothing'),
      seq: integer('the ledger line that shows it'),
    },
    key: ['source', 'stream', 'day'],
  },
);

const LEDGER = table('ledger', 'One line of the ledger: what was committed.', {
  columns: {
    seq: integer('its number'),
    at: instant('when it was written'),
    kind: text('what it is: `batch`, `run`, `delivery`, `prune` …'),
    run_id: text('the run that wrote it'),
    source: text('of a batch: the account it was read from'),
    vendor: text('of a batch: who the account is with'),
    stream: text('of a batch: the stream it was read from'),
    stream_kind: text('of a batch: `log`, `changes`, `snapshot` or `series`'),
    file: text('of a batch: its file'),
    file_sha256: text("the file's SHA-256 in hex"),
    file_bytes: integer("the file's size"),
    pages: integer('requests that brought it'),
    records: integer('records in it'),
    new_records: integer('those that had not been there before'),
    changed_records: integer('those that had been there with other content'),
    absent_records: integer('those that were no longer served'),
    min_time: instant('the time of its earliest record'),
    max_time: instant('the time of its latest record'),
    cursor: json('where the stream goes on'),
    seqs: json('of a line that removes batches: from which to which'),
    reason: text('of a line that removes batches: why, in the words of who asked for it'),
  },
  key: ['seq', 'kind'],
  time: 'at',
});

const RUNS = table('runs', 'One execution.', {
  columns: {
    run_id: text('which execution'),
    started_at: instant('when it began'),
    finished_at: instant('when it ended'),
    job: text('what for: `sync`, `backfill` or `check`'),
    outcome: text('`complete`, `incomplete` or `failed`'),
    streams: json('what it did with each stream'),
    seq: integer('the ledger line about it'),
  },
  key: ['seq', 'run_id'],
  time: 'started_at',
});

export const EVIDENCE: readonly Table[] = [ANOMALIES, COVERAGE, LEDGER, RUNS];
