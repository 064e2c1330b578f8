import type { Registry } from '../../config/registry.ts';
import type { Invocation } from '../../runs/context.ts';
import type { Draft } from './draft.ts';

/** What is to be written, and with what it is found out. */
export type Plan = {
  invocation: Invocation;
  registry: Registry;
  /** What is settled already; answers are added to it. */
  draft: Draft;
  /** The file, absolute. */
  target: string;
  /** Whether what is answered is tried at once. */
  check: boolean;
};
