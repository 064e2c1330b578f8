#!/usr/bin/env node
import { main } from './cli.ts';
import { exitWith, interruptible } from './platform/process.ts';

exitWith(await interruptible((signal) => main(process.argv.slice(2), signal)));
