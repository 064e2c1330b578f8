import { bigqueryReceiver } from './bigquery/receiver.ts';
import { rowSinkContract } from './contract.ts';
import { ndjsonReceiver } from './ndjson/receiver.ts';
import { splunkReceiver } from './splunk/receiver.ts';

rowSinkContract('ndjson to standard output', () => ndjsonReceiver('stdout'));
rowSinkContract('ndjson to a file', () => ndjsonReceiver('file'));
rowSinkContract('ndjson to a folder', () => ndjsonReceiver('folder'));
rowSinkContract('splunk', splunkReceiver);
rowSinkContract('bigquery', bigqueryReceiver);
