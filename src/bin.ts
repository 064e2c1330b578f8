#!/usr/bin/env node
import { main } from './cli.ts';
import { exitWith, interruptible } from './process.ts';

exitWith(await interruptible((signal) => main(process.argv.slice(2), signal)));
