/** How each server that speaks S3 is started, by the name of its program. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { freePort } from '../free-port.ts';
import { type RealServer, startServer } from './server.ts';

export const KEY_ID = 'AKIAEXAMPLE000000001';
export const SECRET = 'example-secret-of-a-test-0000000001';

type Kind = {
  name: string;
  /** It refuses a wrong key. */
  signs: boolean;
  /** It has after a kill what it had before. */
  keeps: boolean;
  start(folder: string, program: string): Promise<RealServer>;
};

const SEAWEEDFS: Kind = {
  name: 'SeaweedFS',
  signs: true,
  keeps: true,
  async start(folder, program) {
    const config = join(folder, 's3.json');
    const identity = {
      name: 'test',
      credentials: [{ accessKey: KEY_ID, secretKey: SECRET }],
      actions: ['Admin'],
    };
    await writeFile(config, JSON.stringify({ identities: [identity] }));
    const port = await freePort();
    const ports: string[] = [];
    for (const name of ['master', 'volume', 'filer']) {
      ports.push(`-${name}.port=${await freePort()}`, `-${name}.port.grpc=${await freePort()}`);
    }
    const options = [
      'server',
      `-dir=${folder}`,
      '-ip=127.0.0.1',
      '-ip.bind=127.0.0.1',
      '-filer',
      '-s3',
      `-s3.port=${port}`,
      `-s3.port.grpc=${await freePort()}`,
      `-s3.config=${config}`,
      '-s3.port.iceberg=0',
      '-s3.port.lance=0',
      '-master.telemetry=false',
      // A bucket takes several volumes for itself.
      '-volume.max=2000',
      ...ports,
    ];
    return startServer(program, options, { port, path: '/healthz', cwd: folder });
  },
};

const VERSITYGW: Kind = {
  name: 'versitygw',
  signs: true,
  keeps: true,
  async start(folder, program) {
    const [data, versions] = [join(folder, 'data'), join(folder, 'versions')];
    for (const one of [data, versions]) await mkdir(one, { recursive: true });
    const port = await freePort();
    const access = ['--access', KEY_ID, '--secret', SECRET, '--port', `127.0.0.1:${port}`];
    const store = ['posix', '--versioning-dir', versions, data];
    return startServer(program, [...access, ...store], { port, cwd: folder });
  },
};

const MOTO: Kind = {
  name: 'moto',
  signs: false,
  keeps: false,
  async start(folder, program) {
    const port = await freePort();
    return startServer(program, ['-H', '127.0.0.1', '-p', String(port)], { port, cwd: folder });
  },
};

const KINDS: Readonly<Record<string, Kind>> = {
  weed: SEAWEEDFS,
  versitygw: VERSITYGW,
  moto_server: MOTO,
};

export type S3Server = Omit<Kind, 'start'> & {
  origin(): string;
  kill(): Promise<void>;
  /** Again with the same data, perhaps at another port. */
  restart(): Promise<void>;
  end(): Promise<void>;
};

/** The one that this program is. */
export async function startS3(program: string): Promise<S3Server> {
  const kind = KINDS[basename(program)];
  if (kind === undefined) throw new Error(`${program} is no server of S3 that is known here`);
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-s3-'));
  let server = await kind.start(folder, program);
  return {
    ...kind,
    origin: () => server.origin,
    kill: () => server.kill(),
    async restart() {
      server = await kind.start(folder, program);
    },
    async end() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
