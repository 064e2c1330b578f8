import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs node with `args` and waits. Its output goes to stderr: stdout is for the command's own data. */
export function node(args, shell = false) {
  const command = shell ? args : [process.execPath, ...args];
  const [file, ...rest] = command;
  const { status, error } = spawnSync(file, rest, {
    cwd: root,
    stdio: ['inherit', process.stderr, process.stderr],
    shell,
  });
  if (error) throw error;
  return status ?? 1;
}

/** Runs npm, preferably the one that runs this script. */
export function npm(args) {
  const self = process.env.npm_execpath;
  if (self?.endsWith('npm-cli.js')) return node([self, ...args]);
  // On Windows npm is a batch file, which only a shell can run.
  return node(['npm', ...args], true);
}

/** Runs node with `args` in the foreground, passing signals on; resolves to its exit code. */
export function foreground(args) {
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  // Ctrl-C at a terminal reaches the child by itself, and twice would mean "stop at once".
  const terminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    const handler = () => {
      if (signal !== 'SIGINT' || !terminal) child.kill(signal);
    };
    process.on(signal, handler);
    return [signal, handler];
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const [name, handler] of handlers) process.off(name, handler);
      if (signal) process.kill(process.pid, signal);
      else resolve(code ?? 1);
    });
  });
}
