import { join } from 'node:path';
import { ready } from './ready.mjs';
import { foreground, root } from './run.mjs';

ready();
process.exitCode = await foreground([join(root, 'dist/start.js'), ...process.argv.slice(2)]);
