/**
 * Ways to obtain a tool with a package manager's ordinary client. Each has the versions it asks for, and installs into a folder of
 * its own; a throw says why the tool cannot be had.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param wants a command that the packages cannot do without
 * @param python the version to install for, where any will not do
 * @param alone packages to install without what they ask for
 */
export function pip(packages, { python, wants, alone = [] } = {}) {
  return {
    version: [...alone, ...packages].join(' '),
    into(folder) {
      if (wants !== undefined) run(wants, ['--version']);
      const [command, env] = interpreter(python);
      run(command, ['-m', 'venv', '--without-pip', folder], { env });
      const own = join(folder, 'bin/python');
      const options = ['--quiet', '--disable-pip-version-check', '--retries=1', '--timeout=20'];
      const install = ['-m', 'pip', '--python', own, 'install', ...options];
      run(command, [...install, ...packages], { env });
      if (alone.length > 0) run(command, [...install, '--no-deps', ...alone], { env });
    },
  };
}

export function goModule(path, version) {
  return {
    version,
    into(folder) {
      const env = { GOBIN: join(folder, 'bin'), GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' };
      run('go', ['install', `${path}@${version}`], { env });
    },
  };
}

export function npm(packages) {
  return {
    version: packages.join(' '),
    into(folder) {
      mkdirSync(folder, { recursive: true });
      const options = ['--no-audit', '--no-fund', '--no-package-lock', '--fetch-retries=1'];
      run('npm', ['install', '--prefix', folder, ...options, ...packages]);
    },
  };
}

/** The version is that of the distribution, which keeps no other: the name of the file has it. */
export function debian(name) {
  return {
    version: "the distribution's",
    into(folder) {
      mkdirSync(folder, { recursive: true });
      try {
        run('apt-get', ['download', name], { cwd: folder });
      } catch {
        // A new machine has no lists of packages, an old one those of a time gone by.
        run('apt-get', ['update', '--error-on=any']);
        run('apt-get', ['download', name], { cwd: folder });
      }
      const files = readdirSync(folder).filter((one) => one.endsWith('.deb'));
      for (const file of files) run('dpkg', ['-x', file, '.'], { cwd: folder });
      return files.join(' ');
    },
  };
}

/** How long a step may take, in milliseconds: whoever has no network must not wait for it. */
export const patience = { step: 20 * 60_000 };

/** The interpreter to install for. pyenv lets a version be named that is not the chosen one. */
function interpreter(python) {
  const [command, env] =
    python === undefined ? ['python3', {}] : [`python${python}`, { PYENV_VERSION: python }];
  const { status } = spawnSync(command, ['-m', 'pip', '--version'], {
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`no ${command} with pip here`);
  return [command, env];
}

function run(command, args, { env = {}, cwd } = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    cwd,
    maxBuffer: 64 * 1024 * 1024,
    timeout: patience.step,
    killSignal: 'SIGKILL',
  });
  if (error?.code === 'ENOENT') throw new Error(`no ${command} here`);
  if (error?.code === 'ETIMEDOUT') {
    throw new Error(`${command} did not end within ${patience.step / 1000} s`);
  }
  if (error) throw error;
  if (status === 0) return;
  const said = `${stdout}\n${stderr}`.trim().split('\n');
  const told = said.findLast((line) => /error/i.test(line)) ?? said.at(-1);
  throw new Error(`${command} ended with ${status}: ${told.trim()}`);
}
