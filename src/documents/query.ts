import { z } from 'zod';

/** Of `query --json`: the rows, each with its columns by name. It is printed row by row, as rows come. */
export const queryDocument = z.array(z.record(z.string(), z.json()));
