/** The double's jobs: known by id for ever, pending, running, done. Work is done at the moment a job becomes done. */
import { type Engine } from './engine.ts';
import { type Tables } from './tables.ts';
import { ApiFault } from './fault.ts';
import type { JobTrouble } from './trouble.ts';

export type JobRequest = {
  jobReference: { projectId: string; jobId: string; location?: string };
  configuration: {
    load?: {
      sourceFormat?: string;
      createDisposition?: string;
      writeDisposition?: string;
      destinationTable: { projectId: string; datasetId: string; tableId: string };
    };
    query?: { query: string; useLegacySql?: boolean };
  };
};

type Job = {
  request: JobRequest;
  file: Buffer | null;
  trouble: JobTrouble;
  state: 'PENDING' | 'RUNNING' | 'DONE';
  error: { reason: string; message: string } | null;
  endedAt: number | null;
};

export class Jobs {
  readonly #engine: Engine;
  readonly #tables: Tables;
  readonly #location: string;
  readonly #jobs = new Map<string, Job>();
  clock = Date.now;
  /** What happened, for tests that want to have seen it. */
  readonly seen = { loads: 0, merges: 0, duplicates: 0, failed: 0, slow: 0 };

  constructor(engine: Engine, tables: Tables, location: string) {
    this.#engine = engine;
    this.#tables = tables;
    this.#location = location;
  }

  get ids(): string[] {
    return [...this.#jobs.keys()];
  }

  insert(request: JobRequest, file: Buffer | null, trouble: JobTrouble): object {
    const { jobId, location } = request.jobReference;
    if (!/^[\w-]{1,1024}$/.test(jobId))
      throw new ApiFault(400, 'invalid', `Invalid job ID "${jobId}"`);
    if (location !== this.#location) {
      throw new ApiFault(404, 'notFound', `Not found: Dataset in location ${String(location)}`);
    }
    if (this.#jobs.has(jobId)) {
      this.seen.duplicates += 1;
      throw new ApiFault(409, 'duplicate', `Already Exists: Job ${jobId}`);
    }
    this.#jobs.set(jobId, {
      request,
      file,
      trouble: { ...trouble },
      state: 'PENDING',
      error: null,
      endedAt: null,
    });
    if (trouble.looks > 0) this.seen.slow += 1;
    return this.#resource(jobId);
  }

  async get(jobId: string, location: string | null): Promise<object> {
    const job = this.#jobs.get(jobId);
    // A job is found in its location only.
    if (job === undefined || location !== this.#location) {
      throw new ApiFault(404, 'notFound', `Not found: Job ${jobId}`);
    }
    if (job.state !== 'DONE') {
      if (job.trouble.looks > 0) {
        job.trouble.looks -= 1;
        job.state = 'RUNNING';
      } else {
        await this.#end(job);
      }
    }
    return this.#resource(jobId);
  }

  async #end(job: Job): Promise<void> {
    job.state = 'DONE';
    job.endedAt = this.clock();
    const { reason } = job.trouble;
    if (reason !== null) {
      this.seen.failed += 1;
      job.error = { reason, message: `The job encountered an error: ${reason}.` };
      return;
    }
    const { load, query } = job.request.configuration;
    try {
      if (load !== undefined && job.file !== null) {
        this.seen.loads += 1;
        const { tableId } = load.destinationTable;
        if (load.createDisposition === 'CREATE_NEVER') this.#tables.get(tableId);
        await this.#tables.loaded(tableId, job.file);
      } else if (query !== undefined) {
        this.seen.merges += 1;
        await this.#engine.query(query.query);
      }
    } catch (error) {
      const message = String(error);
      const absent = error instanceof ApiFault || message.includes('does not exist');
      job.error = { reason: absent ? 'notFound' : 'invalid', message };
    }
  }

  #resource(jobId: string): object {
    const job = this.#jobs.get(jobId);
    if (job === undefined) throw new Error(`no job ${jobId}`);
    return {
      kind: 'bigquery#job',
      jobReference: job.request.jobReference,
      configuration: job.request.configuration,
      status: {
        state: job.state,
        ...(job.error === null ? {} : { errorResult: job.error, errors: [job.error] }),
      },
      statistics: job.endedAt === null ? {} : { endTime: String(job.endedAt) },
    };
  }
}
