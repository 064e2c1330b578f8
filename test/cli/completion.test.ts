/** What the tab key gets to know. Each shell is tried where it is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completionScript, SHELLS } from '../../src/commands/completion/scripts.ts';
import { homeFor } from '../harness.ts';

async function scriptFor(shell: string): Promise<string> {
  const home = await homeFor(null, []);
  const { code, stdout } = await home.run(['completion', shell]);
  expect(code).toBe(0);
  return stdout;
}

const isThere = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

/** What bash offers for words of which the last one is being typed. */
function offered(script: string, ...words: string[]): string[] {
  const typed = words.map((word) => `'${word}'`).join(' ');
  const asking = `${script}\nCOMP_WORDS=(auditlake ${typed}); COMP_CWORD=${words.length}; _auditlake; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', asking], { encoding: 'utf8' }).trim().split('\n');
}

test.skipIf(!isThere('bash'))('bash completes verbs, and the options of a verb', async () => {
  const script = await scriptFor('bash');
  expect(offered(script, 'st')).toEqual(['status']);
  expect(offered(script, 'query', '--v')).toEqual(['--vertical']);
  expect(offered(script, '--home', '/data', 'sync', '--pre')).toEqual(['--preview']);
});

test.skipIf(!isThere('zsh'))('zsh reads its script', async () => {
  const script = await scriptFor('zsh');
  const { status, stderr } = spawnSync('zsh', ['-n'], { input: script, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test.skipIf(!isThere('fish'))('fish reads its script, and completes from it', async () => {
  const asking = `${await scriptFor('fish')}\ncomplete -C 'auditlake query --ver'`;
  expect(execFileSync('fish', ['-c', asking], { encoding: 'utf8' })).toContain('--vertical');
});

test.each(SHELLS)('texts with signs of a shell do no harm in %s', (shell) => {
  const says = "it's $(touch /tmp/x) `x` [a:b]";
  const options = [{ flag: '--to', says, takesValue: true }];
  const script = completionScript(shell, [{ name: 'go', says, options }]);
  const unquoted = script.replaceAll(/'[^']*'/g, '');
  expect(unquoted).not.toMatch(/touch|`/);
});

test('a shell that is not known is refused, and those that are are named', async () => {
  const home = await homeFor(null, []);
  const { code, stderr } = await home.run(['completion', 'tcsh']);
  expect(code).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});
