/** Real servers, as processes of their own on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

export type RealServer = {
  origin: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
};

const PATIENCE = 60_000;

/** Starts it, and waits until it answers whatever it may be. */
export async function startServer(
  command: string,
  args: readonly string[],
  {
    port,
    path = '/',
    ...options
  }: { port: number; path?: string; cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<RealServer> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const note = (text: Buffer): void => void (said = `${said}${text.toString()}`.slice(-4_000));
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const origin = `http://127.0.0.1:${port}`;
  try {
    await answering(child, `${origin}${path}`);
  } catch (error) {
    await killed(child);
    throw new Error(`${command} does not serve: ${said}`, { cause: error });
  }
  return { origin, kill: () => killed(child) };
}

async function answering(child: ChildProcess, url: string): Promise<void> {
  const last = Date.now() + PATIENCE;
  for (;;) {
    try {
      const { status } = await fetch(url);
      if (status < 500) return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > last) throw error;
    }
    await pause(100);
  }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'close');
}
