import type { Millis, StreamKind, Target } from '../model.ts';

/** What the transform needs to know of a vendor; a vendor's declaration has it. */
export type MappedVendor = {
  type: string;
  product: { name: string; vendor: string };
  /** Has the files that `maps` names, and `actions.csv`, `access.csv` and `measures.csv` if the vendor has words for them. */
  folder: URL;
  streams: readonly {
    name: string;
    kind: StreamKind;
    maps: Partial<Record<Target, string>>;
    once?: boolean;
    /** How long the vendor says that it keeps it. */
    keeps?: Millis;
  }[];
};
