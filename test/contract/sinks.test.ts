import { bigqueryReceiver } from '../sinks/bigquery/receiver.ts';
import { rowSinkContract } from './sink.ts';
import { ndjsonReceiver } from '../sinks/ndjson/receiver.ts';
import { splunkReceiver } from '../sinks/splunk/receiver.ts';

rowSinkContract('ndjson to standard output', () => ndjsonReceiver('stdout'));
rowSinkContract('ndjson to a file', () => ndjsonReceiver('file'));
rowSinkContract('ndjson to a folder', () => ndjsonReceiver('folder'));
rowSinkContract('splunk', splunkReceiver);
rowSinkContract('bigquery', bigqueryReceiver);
