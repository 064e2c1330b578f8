#!/usr/bin/env node
import { main } from './cli.ts';
import { exitWith, interruptible, invocationOf } from './platform/process.ts';

exitWith(await interruptible((signal) => main(invocationOf(process.argv.slice(2), signal))));
