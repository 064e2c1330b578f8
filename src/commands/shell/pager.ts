import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Context } from '../../runs/context.ts';
import type { Output } from '../../platform/output.ts';

type Paged = {
  /** Where rows go: to the screen as long as they fit, then all of them to the pager. */
  output: Output;
  /** Waits until the reader has left the pager. */
  end(): Promise<void>;
};

/** Long lines are not wrapped, colours pass, and a short text stays on the screen. */
const LESS = 'FRSX';

/**
 * Shows rows a page at a time. The pager begins with the first row that no longer fits the screen.
 *
 * @param begin called before the pager takes the keyboard
 */
export function pagedOutput(context: Context, begin: () => void): Paged {
  const { output, env, stdout } = context;
  const lines: string[] = [];
  const screen = (stdout.rows ?? 24) - 2;
  let pager: ReturnType<typeof startPager> | null = null;
  const flush = async (): Promise<void> => {
    for (const line of lines.splice(0)) await output.row(line);
  };
  return {
    output: Object.create(output, {
      isLost: { get: () => output.isLost || pager?.hasLeft === true },
      row: {
        value: async (text: string): Promise<void> => {
          if (pager !== null) return await pager.write(text);
          lines.push(...text.split('\n'));
          if (lines.length <= screen) return;
          begin();
          pager = startPager(env);
          for (const line of lines.splice(0)) await pager.write(line);
        },
      },
    }) as Output,
    async end() {
      if (pager === null) await flush();
      else await pager.end();
    },
  };
}

function startPager(env: Context['env']): {
  readonly hasLeft: boolean;
  write(line: string): Promise<void>;
  end(): Promise<void>;
} {
  const command = env['PAGER'] ?? 'less';
  const child = spawn('/bin/sh', ['-c', command], {
    env: { LESS, ...env },
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const { stdin } = child;
  let hasLeft = false;
  // Whoever has seen enough leaves before the end.
  stdin.on('error', () => (hasLeft = true));
  const closed = once(child, 'close').then(() => (hasLeft = true));
  return {
    get hasLeft() {
      return hasLeft;
    },
    async write(line) {
      if (hasLeft || stdin.write(`${line}\n`)) return;
      await Promise.race([once(stdin, 'drain').catch(() => undefined), closed]);
    },
    async end() {
      stdin.end();
      await closed;
    },
  };
}
