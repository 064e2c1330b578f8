/**
 * A double of BigQuery's REST API v2 on loopback, as far as the sink uses it. It executes what it is given, so that
 * a test can look at the rows.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { Engine } from './engine.ts';
import { ApiFault } from './fault.ts';
import { type JobRequest, Jobs } from './jobs.ts';
import { type TableResource, Tables } from './tables.ts';
import { Troubles } from './trouble.ts';

export const PROJECT = 'acme-sec';
export const DATASET = 'ai_audit';
export const LOCATION = 'europe-west3';

const ROOT = `/bigquery/v2/projects/${PROJECT}`;
const MOST_BYTES = 64 * 1024 * 1024;

export type Service = {
  endpoint: string;
  troubles: Troubles;
  jobs: Jobs;
  engine: Engine;
  tables: Tables;
  /** Requests, and those whose answer was lost. */
  counted: { requests: number; lost: number };
  onRequest: () => void;
  query(sql: string): Promise<unknown[][]>;
  close(): Promise<void>;
};

export async function startService(): Promise<Service> {
  const engine = await Engine.open(PROJECT, DATASET);
  const tables = new Tables(engine);
  const jobs = new Jobs(engine, tables, LOCATION);
  const troubles = new Troubles();
  const server = createServer((request, response) => {
    service.counted.requests += 1;
    service.onRequest();
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    let status = 200;
    let result: object = {};
    try {
      const refusal = troubles.refuses();
      if (refusal !== null) throw new ApiFault(refusal.status, refusal.reason, 'Not now.');
      result = await route(request, body);
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      status = error.status;
      result = error.body;
    }
    if (troubles.loses(status === 200 && request.method !== 'GET')) {
      service.counted.lost += 1;
      response.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
    response.end(JSON.stringify(result));
  }

  async function route(request: IncomingMessage, body: Buffer): Promise<object> {
    const url = new URL(request.url ?? '/', 'http://double');
    const json = (): unknown => JSON.parse(body.toString('utf8'));
    if (
      url.pathname === `/upload${ROOT}/jobs` &&
      url.searchParams.get('uploadType') === 'multipart'
    ) {
      const [metadata, file] = multipart(request.headers['content-type'] ?? '', body);
      return jobs.insert(JSON.parse(metadata.toString('utf8')) as JobRequest, file, troubles.job());
    }
    const dataset = `${ROOT}/datasets/${DATASET}`;
    const [, , , , , kind, name, ...rest] = url.pathname.split('/');
    switch (`${request.method} ${kind}${rest.length > 0 ? `/${rest[0]}` : ''}`) {
      case 'POST jobs':
        return jobs.insert(json() as JobRequest, null, troubles.job());
      case 'GET jobs':
        return jobs.get(name ?? '', url.searchParams.get('location'));
      case 'GET datasets':
        if (url.pathname !== dataset) break;
        return { datasetReference: { projectId: PROJECT, datasetId: DATASET }, location: LOCATION };
      case 'POST datasets/tables':
        return tables.insert(json() as TableResource);
      case 'GET datasets/tables':
        return tables.get(rest[1] ?? '');
      case 'PATCH datasets/tables':
        return tables.patch(rest[1] ?? '', json() as Partial<TableResource>);
      case 'DELETE datasets/tables':
        await tables.delete(rest[1] ?? '');
        return {};
      default:
    }
    throw new ApiFault(404, 'notFound', `Not found: ${request.method} ${url.pathname}`);
  }

  const service: Service = {
    endpoint: `http://127.0.0.1:${address.port}`,
    troubles,
    jobs,
    engine,
    tables,
    counted: { requests: 0, lost: 0 },
    onRequest: () => undefined,
    query: (sql) => engine.query(sql),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      engine.close();
    },
  };
  return service;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += (piece as Buffer).length;
    if (bytes > MOST_BYTES) throw new Error('too much for the double');
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}

/** The two parts of a multipart/related upload (RFC 2387): the metadata and the file. */
function multipart(type: string, body: Buffer): [Buffer, Buffer] {
  const boundary = /boundary=([\w-]+)/.exec(type)?.[1];
  const parts: Buffer[] = [];
  let at = body.indexOf(`--${boundary}\r\n`);
  while (at !== -1) {
    const begin = body.indexOf('\r\n\r\n', at) + 4;
    const end = body.indexOf(`\r\n--${boundary}`, begin);
    if (end === -1) break;
    parts.push(body.subarray(begin, end));
    at = body.indexOf(`--${boundary}\r\n`, end);
  }
  const [metadata, file] = parts;
  if (metadata === undefined || file === undefined) {
    throw new ApiFault(400, 'invalid', 'The upload is not complete');
  }
  return [metadata, file];
}
