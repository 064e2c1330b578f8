import { expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/file-schema.ts';
import { REGISTRY } from '../../src/config/registry.ts';

test('the JSON Schema knows every key and refuses others', () => {
  expect(configJsonSchema(REGISTRY)).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: {
      home: { type: 'string' },
      concurrency: { type: 'integer', minimum: 1, maximum: 32 },
      sources: {
        additionalProperties: {
          oneOf: REGISTRY.vendors.map(() => ({ additionalProperties: false, required: ['type'] })),
        },
      },
    },
  });
});
