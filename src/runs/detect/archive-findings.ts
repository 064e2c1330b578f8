import { hash } from 'node:crypto';
import {
  type BatchRef,
  type Cursor,
  FINDINGS,
  type Judged,
  type Millis,
  OWN_SOURCE,
} from '../../model.ts';
import { isCredible } from '../../platform/instant.ts';
import type { Archive, CommitCounts } from '../../state/archive.ts';
import type { BatchHead } from '../../state/batch.ts';
import { OpenBatch } from '../../state/open-batch.ts';
import type { Judgement } from './judge.ts';

/** Archives what detections have found, one page per detection. The cursor moves once everything is in. */
export class FindingsArchive {
  readonly counts: CommitCounts = { pages: 0, records: 0, new: 0, changed: 0 };
  readonly #archive: Archive;
  readonly #runId: string;
  readonly #now: () => Millis;
  readonly #onCommit: (batch: BatchRef) => void;
  #batch: OpenBatch;

  constructor(
    archive: Archive,
    runId: string,
    now: () => Millis,
    onCommit: (batch: BatchRef) => void,
  ) {
    this.#archive = archive;
    this.#runId = runId;
    this.#now = now;
    this.#onCommit = onCommit;
    this.#batch = new OpenBatch(now());
  }

  /** How far each detection was before this run. */
  get judged(): Readonly<Record<string, Judged>> {
    return this.#cursor.judged ?? {};
  }

  /** @param asked what made the findings, for the note of their page */
  async add(
    asked: string,
    context: Record<string, string>,
    judgements: readonly Judgement[],
  ): Promise<void> {
    if (judgements.length === 0) return;
    const text = judgements.map(({ record }) => `${record}\n`).join('');
    const { lines } = this.#batch;
    const page = lines.page({
      request: asked,
      status: 200,
      at: this.#now(),
      bytes: Buffer.byteLength(text),
      sha256: hash('sha256', text),
      records: judgements.length,
      context,
    });
    for (const { id, time, record } of judgements) {
      const at = isCredible(time, this.#now()) ? time : null;
      lines.record(page, id, at, Buffer.from(record));
    }
    const fresh = judgements.filter(({ change }) => change === 'new').length;
    for (const counts of [this.counts, this.#batch.counts]) {
      counts.pages += 1;
      counts.records += judgements.length;
      counts.new += fresh;
      counts.changed += judgements.length - fresh;
    }
    if (this.#batch.isFull) await this.#commit(this.#cursor);
  }

  /** @returns the cursor, if nothing was found that it could be committed with and it has moved */
  async finish(judged: Readonly<Record<string, Judged>>): Promise<Cursor | null> {
    const cursor = { ...this.#cursor, judged };
    if (this.#batch.hasNews) await this.#commit(cursor);
    else if (JSON.stringify(judged) !== JSON.stringify(this.judged)) return cursor;
    return null;
  }

  get #cursor(): Cursor {
    return this.#archive.ledger.cursor(OWN_SOURCE, FINDINGS);
  }

  async #commit(cursor: Cursor): Promise<void> {
    const head: BatchHead = {
      source: OWN_SOURCE,
      vendor: OWN_SOURCE,
      stream: FINDINGS,
      stream_kind: 'snapshot',
      organization_id: this.#archive.ledger.state.home,
    };
    const { lines, counts } = this.#batch;
    this.#batch = new OpenBatch(this.#now());
    this.#onCommit(await this.#archive.commit(this.#runId, head, lines, counts, () => cursor));
  }
}
