import { rowSinkContract } from './contract.ts';
import { ndjsonReceiver } from './ndjson/receiver.ts';

rowSinkContract('ndjson to standard output', () => ndjsonReceiver('stdout'));
rowSinkContract('ndjson to a file', () => ndjsonReceiver('file'));
rowSinkContract('ndjson to a folder', () => ndjsonReceiver('folder'));
