import type { Format } from '../answer.ts';
import type { Parameters } from '../../load/query/bound.ts';

/** How rows are shown. */
export const MODES = ['table', 'vertical', 'csv', 'json'] as const satisfies Format[];

export type Mode = Format;

/** What the commands of a shell may change and do. */
export type Shell = {
  mode: Mode;
  paged: boolean;
  /** Shows the rows of a statement, and how many and how long. @returns how many */
  ask(sql: string, parameters?: Parameters): Promise<number>;
  /** Answers a question with the values behind its name, or lists the questions. */
  question(words: readonly string[]): Promise<void>;
  /** The names of the questions. */
  questions(): readonly string[];
  /** Opens what is published now. */
  reload(): Promise<void>;
  say(text: string): void;
  leave(): void;
};
