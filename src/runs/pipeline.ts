import type { SinkConfig } from '../config/sinks.ts';
import type { LakeResult, SinkResult, WarehouseResult } from '../documents/common.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { lakeFolder, readManifest } from '../load/lake/manifest.ts';
import type { Context } from './context.ts';
import { deliver } from './deliver/deliver.ts';
import { updateLake, updateWarehouse } from './derive.ts';
import { withPublished, type OpenHome, withHome } from './home.ts';
import { type Piece, worstExit } from './outcome.ts';

export type PipelineJob<Report> = {
  /** What it does with the archive; `nothing` if it only updates what is derived from it. */
  work(home: OpenHome): Promise<Piece<Report>>;
  /** Whether its work queries the warehouse, which must then be up to date beforehand. */
  looksAtWarehouse?: boolean;
  /** Builds warehouse and lake from nothing instead of continuing the last ones. */
  isFresh?: boolean;
  /** Whether it appends to the ledger: a signed one takes no line without the key. */
  appends: boolean;
  sinks: readonly SinkConfig[];
  /** Delivers again from this seq on, whatever was delivered. */
  fromSeq?: number | null;
};

export type PipelineResult<Report> = {
  job: Piece<Report>;
  warehouse: Piece<WarehouseResult>;
  /** Null where the configuration wants none. */
  lake: Piece<LakeResult> | null;
  sinks: Piece<SinkResult>[];
  exit: ExitCode;
};

export const nothing = async (): Promise<Piece<null>> => ({ report: null, exit: EXIT.complete });

/**
 * Every run, on one screen: lock → archive → job → warehouse → lake → sinks.
 *
 * What a job archives is loaded while the job is still running. If a step fails, the later ones run all the same: trouble
 * with the warehouse, the lake or a sink costs a repeat, never a record.
 */
export async function runPipeline<Report>(
  context: Context,
  job: PipelineJob<Report>,
): Promise<PipelineResult<Report>> {
  const { isFresh = false, fromSeq = null } = job;
  return await withHome(context, { isFresh }, async (opened) => {
    if (job.appends) opened.archive.ledger.requireKey();
    const isLakeFresh = isFresh || (await isLakeAhead(context, opened));
    const home = job.looksAtWarehouse === true ? await bringUpWarehouse(context, opened) : opened;
    const done = await job.work(home);
    const { warehouse, published } = await updateWarehouse(context, home);
    const lake = await updateLake(context, published, { isFresh: isLakeFresh });
    const { archive, notary } = home;
    const what = { archive, published, notary, sinks: job.sinks, fromSeq };
    const sinks = await deliver(context, what);
    const pieces = [done, warehouse, ...(lake === null ? [] : [lake]), ...sinks];
    return { job: done, warehouse, lake, sinks, exit: worstExit(pieces.map(({ exit }) => exit)) };
  });
}

/** A lake ahead of the archive, which was cut or restored from an older copy, would take what comes next for written. */
async function isLakeAhead({ config }: Context, { archive }: OpenHome): Promise<boolean> {
  const manifest = await readManifest(lakeFolder(config.home));
  return manifest !== null && manifest.seq > archive.ledger.state.seq;
}

/** If loading fails here, it is tried again after the job, and reported then. */
async function bringUpWarehouse(context: Context, home: OpenHome): Promise<OpenHome> {
  const { published } = await updateWarehouse(context, home);
  return withPublished(context, home, published);
}
