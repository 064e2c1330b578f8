import type { FileSink, RowSink } from '../../src/sinks/port.ts';

/** A receiver with a sink in front of it, as the contract suite needs it. */
type Common<Sink> = {
  /** The sink's options and secrets as a configuration file has them. */
  configured: Readonly<Record<string, unknown>>;
  /** A new sink, as after a restart; with short pauses, so that a test sees it give up. The suite closes it. */
  open(): Promise<Sink>;
  /** Is out of order until told otherwise. */
  down?(isDown: boolean): void;
  /** Takes in the next so many requests and does not answer them. */
  loseAnswers?(count: number): void;
  /** No longer accepts the credentials. */
  revoke?(): void;
};

/** What a kind of receiver cannot do is left out, and the suite skips the cases that need it. */
export type RowReceiver = Common<RowSink> & {
  /** What is there now: a row that is there twice is listed twice. */
  received(): Promise<{ uid: string; revision: number }[]>;
  /** The receiver recognises what it got before: nothing is ever there twice. */
  exact: boolean;
  /** Refuses these rows for good from now on. */
  refuse?(uids: readonly string[]): void;
};

export type FileReceiver = Common<FileSink> & {
  /** Contents by path in the home. */
  files(): Promise<Map<string, string>>;
  /** Puts something there behind the sink's back. */
  put(path: string, content: string): Promise<void>;
  /** The paths that were written, in their order. */
  written(): string[];
};

/** By what kind of receiver it is. */
export type Receivers =
  | { kind: 'rows'; receivers: Readonly<Record<string, () => Promise<RowReceiver>>> }
  | { kind: 'files'; receivers: Readonly<Record<string, () => Promise<FileReceiver>>> };
