import { createInterface } from 'node:readline';
import { z } from 'zod';
import { removeLeftovers } from './removeLeftovers.ts';

const leftoversSchema = z.object({
  groups: z.array(z.number()),
  paths: z.array(z.string()),
  controlGroups: z.array(z.string()),
});

/** Each line of the input replaces the one before; the input ends when the process that it belongs to ends. */
async function main(): Promise<void> {
  let last = '{"groups":[],"paths":[],"controlGroups":[]}';
  for await (const line of createInterface({ input: process.stdin })) last = line;
  removeLeftovers(leftoversSchema.parse(JSON.parse(last)));
}

await main();
