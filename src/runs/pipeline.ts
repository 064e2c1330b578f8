import type { SinkConfig } from '../config/sinks.ts';
import type { LakeResult, SinkResult, WarehouseResult } from '../documents/common.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { lakeFolder, readManifest } from '../load/lake/manifest.ts';
import type { Context } from './context.ts';
import { deliver } from './deliver/deliver.ts';
import { updateLake, updateWarehouse } from './derive.ts';
import { goneOn, type OpenHome, withHome } from './home.ts';
import { type Piece, worstExit } from './outcome.ts';

export type PipelineJob<Report> = {
  /** What it does with the archive; `nothing` where only that is brought up which follows from it. */
  work(home: OpenHome): Promise<Piece<Report>>;
  /** Whether its work looks at the warehouse, which is brought up to the archive before it then. */
  looksAtWarehouse?: boolean;
  /** Makes warehouse and lake from nothing instead of going on from the last ones. */
  isFresh?: boolean;
  /** Whether the ledger gets new lines, which a signed one takes only with the key. */
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
 * What a job archives is loaded while it is still at work. Whatever goes wrong on the way, the steps after it are taken
 * with what there is: trouble with the warehouse, the lake or a sink costs a repeat, never a record.
 */
export async function runPipeline<Report>(
  context: Context,
  job: PipelineJob<Report>,
): Promise<PipelineResult<Report>> {
  const { isFresh = false, fromSeq = null } = job;
  return await withHome(context, { isFresh }, async (opened) => {
    if (job.appends) opened.archive.ledger.requireKey();
    const isLakeFresh = isFresh || (await isLakeAhead(context, opened));
    const home = job.looksAtWarehouse === true ? await broughtUp(context, opened) : opened;
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

/** Where the archive was cut or restored from an older copy, what comes next would be taken for written. */
async function isLakeAhead({ config }: Context, { archive }: OpenHome): Promise<boolean> {
  const manifest = await readManifest(lakeFolder(config.home));
  return manifest !== null && manifest.seq > archive.ledger.state.seq;
}

/** What cannot be loaded now is tried again after the job, and reported then. */
async function broughtUp(context: Context, home: OpenHome): Promise<OpenHome> {
  const { published } = await updateWarehouse(context, home);
  return goneOn(context, home, published);
}
