import { defineConfig } from 'vitest/config';

const { TEST_RESULTS } = process.env;

export default defineConfig({
  test: {
    reporters: TEST_RESULTS === undefined ? ['default'] : ['default', 'json'],
    outputFile: TEST_RESULTS === undefined ? {} : { json: TEST_RESULTS },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/**/*.unit.test.ts'],
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 1_800_000,
          // Schedulers are waited for more than computed: two files at a time halve the waiting and leave no one short.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'node',
          include: ['test/node/**/*.test.ts'],
          hookTimeout: 1_800_000,
          // A node and an Airflow in pods want the machine for themselves.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
        },
      },
    ],
  },
});
