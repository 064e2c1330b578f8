import type { RowSink } from '../../src/sinks/port.ts';

/**
 * A receiver with a sink in front of it, as the contract suite wants it. What a kind of receiver cannot do is left out, and
 * the suite then leaves out the cases that need it.
 */
export type Receiver = {
  /** A new sink on it, as after a restart. The suite closes it. */
  open(): Promise<RowSink>;
  /** What is there now: a row that is there twice is listed twice. */
  received(): Promise<{ uid: string; revision: number }[]>;
  /** The receiver recognises what it got before: nothing is ever there twice. */
  exact: boolean;
  /** Refuses these rows for good from now on. */
  refuse?(uids: readonly string[]): void;
  /** Is out of order until told otherwise. */
  down?(isDown: boolean): void;
  /** Takes in the next so many requests and fails to say so. */
  loseAnswers?(count: number): void;
  /** No longer accepts the credentials. */
  revoke?(): void;
};
