#!/usr/bin/env node
import { main } from './cli.ts';
import { interruptible } from './process.ts';

process.exitCode = await interruptible((signal) => main(process.argv.slice(2), signal));
