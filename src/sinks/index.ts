import { bigquery } from './bigquery/sink.ts';
import type { SinkType } from './define.ts';
import { ndjson } from './ndjson/sink.ts';
import { s3 } from './s3/sink.ts';
import { splunk } from './splunk/sink.ts';
import { webhook } from './webhook/sink.ts';

/** Every sink that can be configured. A new one is a folder and a line here. */
export const SINKS: readonly SinkType[] = [splunk, bigquery, s3, ndjson, webhook];
