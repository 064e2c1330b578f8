import type { Vendor } from '../extract/declaration.ts';
import { anthropic } from './anthropic/vendor.ts';
import { cursor } from './cursor/vendor.ts';
import { devin } from './devin/vendor.ts';
import { openai } from './openai/vendor.ts';
import { github } from './github/vendor.ts';
import { tabnine } from './tabnine/vendor.ts';

/** Every vendor that auditlake reads. This is the only registration. */
export const VENDORS: readonly Vendor[] = [tabnine, devin, anthropic, cursor, openai, github];
