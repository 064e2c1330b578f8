/** What every command is given. */
import type { Config } from '../config/load.ts';
import type { Output } from '../platform/output.ts';
import { type Layout, layout } from '../state/layout.ts';

export type Context = {
  config: Config;
  layout: Layout;
  output: Output;
  json: boolean;
  signal: AbortSignal;
  now: () => number;
};

export function contextOf(
  config: Config,
  rest: Omit<Context, 'config' | 'layout' | 'now'>,
): Context {
  return { config, layout: layout(config.home), now: Date.now, ...rest };
}
