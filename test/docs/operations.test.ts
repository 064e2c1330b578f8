/** What the guide for operators promises stands in the manifests, units and commands that it shows. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { EXIT } from '../../src/errors.ts';

const guide = page('operate.md');

function page(name: string): string {
  return readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
}

function blocks(text: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...text.matchAll(fence)].map(([, block = '']) => block);
}

const port = z.literal(9464);
const probe = (path: string) => z.object({ httpGet: z.object({ path: z.literal(path), port }) });

const container = z.object({
  args: z.array(z.string()),
  // Nothing but the place of the configuration: a secret in a variable is shown to whoever may look at the pod.
  env: z.tuple([z.object({ name: z.literal('AUDITLAKE_CONFIG'), value: z.string() })]),
  envFrom: z.undefined().optional(),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  resources: z.object({ limits: z.object({ memory: z.string() }) }),
  volumeMounts: z.array(
    z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
  ),
  startupProbe: probe('/livez').optional(),
  livenessProbe: probe('/livez').optional(),
  readinessProbe: probe('/healthz').optional(),
});

const pod = z.object({
  automountServiceAccountToken: z.literal(false),
  serviceAccountName: z.literal('auditlake'),
  hostNetwork: z.undefined().optional(),
  hostPID: z.undefined().optional(),
  securityContext: z.object({
    runAsNonRoot: z.literal(true),
    runAsUser: z.literal(1000),
    fsGroup: z.literal(1000),
    seccompProfile: z.object({ type: z.literal('RuntimeDefault') }),
  }),
  terminationGracePeriodSeconds: z.number().min(10),
  containers: z.tuple([container]),
  volumes: z.array(z.looseObject({ name: z.string(), hostPath: z.undefined().optional() })),
});

const template = z.object({ spec: pod });
const deployment = z.object({
  spec: z.object({
    replicas: z.literal(1),
    strategy: z.object({ type: z.literal('Recreate') }),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: template.extend({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
    }),
  }),
});
const cronJob = z.object({
  spec: z.object({
    concurrencyPolicy: z.literal('Forbid'),
    jobTemplate: z.object({ spec: z.object({ backoffLimit: z.literal(0), template }) }),
  }),
});

function manifests(): Map<string, unknown> {
  const documents = blocks(guide, 'yml').flatMap((text) => parseAllDocuments(text));
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  return new Map(
    documents.map((document) => {
      const manifest: unknown = document.toJS();
      const { kind, apiVersion } = z
        .object({ kind: z.string(), apiVersion: z.string() })
        .parse(manifest);
      return [`${apiVersion} ${kind}`, manifest];
    }),
  );
}

function deployed(): z.infer<typeof deployment>['spec'] {
  return deployment.parse(manifests().get('apps/v1 Deployment')).spec;
}

function pods(): z.infer<typeof pod>[] {
  const { spec } = cronJob.parse(manifests().get('batch/v1 CronJob'));
  return [deployed().template.spec, spec.jobTemplate.spec.template.spec];
}

test('pods have no right that they do not need', () => {
  expect(pods()).toHaveLength(2);
  const account = manifests().get('v1 ServiceAccount');
  expect(account).toMatchObject({ automountServiceAccountToken: false });
});

test('pods get secrets as files, write to their volume only, and mount what there is', () => {
  for (const { containers, volumes } of pods()) {
    const [{ volumeMounts }] = containers;
    const sources = new Map(volumes.map(({ name, ...source }) => [name, source]));
    expect(volumeMounts.map(({ name }) => name).toSorted()).toEqual([...sources.keys()].toSorted());
    const writable = volumeMounts.filter(({ readOnly }) => readOnly !== true);
    expect(writable.map(({ mountPath }) => mountPath)).toEqual(['/data', '/tmp']);
    expect(sources.get('data')).toHaveProperty('persistentVolumeClaim');
    expect(sources.get('tmp')).toHaveProperty('emptyDir');
    // 0440 in YAML 1.1, which Kubernetes reads, is octal; others take it for a decimal number.
    expect(sources.get('secrets')).toMatchObject({ secret: { secretName: 'auditlake' } });
  }
  expect(guide.match(/defaultMode: 0440\b/g)).toHaveLength(2);
});

test('the deployment is probed where the schedule answers, and what fails at the vendor restarts nothing', () => {
  const { template: deployedTemplate, selector } = deployed();
  expect(deployedTemplate.metadata.labels).toMatchObject(selector.matchLabels);
  const [only] = deployedTemplate.spec.containers;
  expect(only.args).toEqual(['schedule']);
  for (const kind of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
    expect(only[kind], kind).toBeDefined();
  }
});

test('the container of `docker run` has no right that it does not need', () => {
  const [command = '', ...others] = blocks(guide, 'bash').filter((text) =>
    text.startsWith('docker run'),
  );
  expect(others).toEqual([]);
  for (const option of [
    '--read-only',
    '--user 1000:1000',
    '--cap-drop ALL',
    '--security-opt no-new-privileges',
    'target=/data',
    'target=/run/secrets,readonly',
    '--publish 127.0.0.1:9464:9464',
  ]) {
    expect(command).toContain(option);
  }
  expect(command).not.toMatch(/TOKEN|--privileged|--network host/);
});

test('the unit of systemd is closed in, and is given its token as a file', () => {
  const [service = '', timer = '', ...others] = blocks(guide, 'ini');
  expect(others).toEqual([]);
  const lines = service.split('\n');
  for (const line of [
    'User=auditlake',
    'UMask=0077',
    'StateDirectoryMode=0700',
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'PrivateTmp=yes',
    'SystemCallFilter=@system-service',
  ]) {
    expect(lines).toContain(line);
  }
  const credential = /^LoadCredential=(\w+):\//m.exec(service)?.[1];
  expect(lines).toContain(`Environment=TABNINE_TOKEN_FILE=%d/${credential ?? ''}`);
  expect(service).not.toMatch(/_TOKEN=|MemoryDenyWriteExecute=/);
  const settled = /^SuccessExitStatus=(.*)$/m.exec(service)?.[1]?.split(' ').map(Number);
  expect(settled).toEqual([EXIT.incomplete, EXIT.locked]);
  expect(timer).toMatch(/^Persistent=true$/m);
});

test('the runbook has a section for every exit code and no other', () => {
  const codes = [...page('runbook.md').matchAll(/^### (\d+): /gm)].map(([, code]) => Number(code));
  expect(codes).toEqual(Object.values(EXIT));
});

test('the runbook quotes what verify says', () => {
  const [, section = ''] = /^## What verify says$([\s\S]*?)^## /m.exec(page('runbook.md')) ?? [];
  const firstColumn = [...section.matchAll(/^\| (.*?) \|/gm)].slice(2).map(([, cell = '']) => cell);
  const quotes = firstColumn.flatMap((cell) =>
    [...cell.matchAll(/`(.+?)`/g)].flatMap(([, quote = '']) => quote.split('…')),
  );
  expect(quotes.length).toBeGreaterThan(12);
  const source = ['evidence', 'load', 'state', 'commands'].map(sourceOf).join('\n');
  expect(quotes.filter((quote) => !source.includes(quote))).toEqual([]);
});

function sourceOf(folder: string): string {
  const root = new URL(`../../src/${folder}/`, import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const code = files.filter((file) => file.endsWith('.ts'));
  return code.map((file) => readFileSync(new URL(file, root), 'utf8')).join('\n');
}
