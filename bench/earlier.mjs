/** The command line at an earlier time: node bench/earlier.mjs MILLISECONDS VERB… */
import { main } from '../dist/cli.js';
import { exitWith, interruptible, invocationOf } from '../dist/platform/process.js';

const [behindMs, ...argv] = process.argv.slice(2);
const now = () => Date.now() - Number(behindMs);
exitWith(await interruptible((signal) => main({ ...invocationOf(argv, signal), now })));
