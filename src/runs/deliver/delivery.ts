import type { Report } from '../../platform/progress.ts';
import type { Logger } from 'pino';
import type { Ocsf } from '../../load/deliver/selects.ts';
import type { Notary } from '../../platform/notary.ts';
import type { Published } from '../../load/warehouse/published.ts';
import type { Sink } from '../../sinks/port.ts';
import type { Archive } from '../../state/archive.ts';
import type { Positions } from '../../sinks/positions.ts';

/** A receiver as it takes part in a run. */
export type RunSink = { name: string; tables: readonly string[]; open: () => Sink };

export type DeliveryPorts = {
  archive: Archive;
  /** Null where there is no warehouse. */
  published: Published | null;
  /** Vouches for it; null where nothing is signed. */
  notary: Notary | null;
  /** SQL that makes OCSF events, by table. */
  ocsf: Ocsf;
  /** Delivers again from this seq on, whatever was delivered. */
  fromSeq: number | null;
  signal: AbortSignal;
  now: () => number;
  onProgress: Report;
  log: Logger;
};

/** How far a receiver has got during the run; `save` writes the positions to disk. */
export type Progress = { positions: Positions; save: () => Promise<void>; tally: Tally };

/** Rows delivered, left out and refused in this run, the seq that the sink now has, and the seq it should have. */
export type Tally = { rows: number; unwanted: number; refused: number; seq: number; to: number };

/** The name under which a mirror's position is kept, among those of tables. */
export const MIRROR = 'archive';
