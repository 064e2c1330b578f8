/** What others check of the files that are shipped. Each test is for the tool that its name begins with. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { homeFor, sandboxFor } from '../harness.ts';
import { examples, obtained, output } from './support.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

async function folderFor(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-linters-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

test('hadolint: the Dockerfile has no warning', async () => {
  const said = await output(obtained('AUDITLAKE_REAL_HADOLINT'), [join(ROOT, 'Dockerfile')]);
  expect(said).toBe('');
});

test('kubernetes-validate: every manifest of the guide is valid, with nothing unknown in it', async () => {
  const manifests = examples('operate.md', 'yml').flatMap((text) => text.split(/^---$/m));
  const named = manifests.map((text, i): [string, string] => [`${i}.yaml`, text]);
  const folder = await folderFor(Object.fromEntries(named));
  const validate = obtained('AUDITLAKE_REAL_KUBERNETES_VALIDATE');
  const files = named.map(([name]) => join(folder, name));
  expect(files.length).toBeGreaterThan(3);
  await output(validate, ['--strict', ...files]);
});

test('check-jsonschema: the schemas are schemas, and hold what they are of', async () => {
  const check = obtained('AUDITLAKE_REAL_CHECK_JSONSCHEMA');
  const schemas = (await readdir(join(ROOT, 'docs/schemas'))).map((name) => `docs/schemas/${name}`);
  const configuration = 'docs/auditlake.schema.json';
  await output(check, ['--check-metaschema', configuration, ...schemas], { cwd: ROOT });

  const pages = ['configuration.md', 'lake.md', 'splunk.md', 'deliveries.md', 'object-storage.md'];
  const configs = pages.flatMap((page) => examples(page, 'yaml'));
  expect(configs.length).toBeGreaterThan(5);
  const folder = await folderFor(Object.fromEntries(configs.map((text, i) => [`${i}.yaml`, text])));
  const files = configs.map((_, i) => join(folder, `${i}.yaml`));
  await output(check, ['--schemafile', configuration, ...files], { cwd: ROOT });

  const home = await homeFor(await sandboxFor({ events: 20, days: 2 }), ['tabnine'], {
    lake: true,
  });
  await home.sync();
  for (const verb of ['status', 'verify', 'check']) {
    const { stdout } = await home.run([verb, '--json']);
    const file = join(folder, `${verb}.json`);
    await writeFile(file, stdout);
    await output(check, ['--schemafile', `docs/schemas/${verb}.json`, file], { cwd: ROOT });
  }
});
