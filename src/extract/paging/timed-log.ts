import type { Millis } from '../../model.ts';
import type { TimeFilter } from '../time-filter.ts';
import type { ListPage } from './offset.ts';

export type LogQuestion = { from: Millis; to: Millis; offset: number };

/** A log that is asked by time and paged by offset. `limit` is what one page holds at most, as far as known. */
export type OffsetLog = {
  fetch(question: LogQuestion): Promise<ListPage>;
  limit: () => number;
  /** Called when a page without `limit()` rows turned out not to be the last. */
  learnLimit(rows: number): void;
  quirk(
    code: 'sort-ignored' | 'time-filter-ignored' | 'dated-outside' | 'start-exclusive',
    what: string,
  ): void;
  /** Tells a server that ignores from and to from one that goes by another time than the event's. */
  timeFilter: TimeFilter;
  subject: string;
  /** How many slices of a long window are read at a time; 1 for one page after the other. */
  slices: number;
};
