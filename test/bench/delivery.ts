import { parseArgs } from 'node:util';
import { z } from 'zod';
import { tellFigure } from '../support/figures.ts';
import { checkLines } from './delivery/lines.ts';
import { measureManagedAPI } from './delivery/managed.ts';
import { measureMounted } from './delivery/mounted.ts';
import { publish } from './delivery/publish.ts';
import { tableOf } from './delivery/table.ts';
import type { Trial } from './delivery/trial.ts';

const Options = z.object({
  pipelines: z
    .string()
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.number().int().positive())),
  delivery: z.array(z.enum(['ManagedAPI', 'ConfigMap'])),
  'rollout-minutes': z.coerce.number().positive(),
  'loop-minutes': z.coerce.number().positive(),
  edits: z.coerce.number().int().positive(),
  publish: z.boolean(),
});

/** Both deliveries, side by side, on a real Airflow 3.3.0 with a real control plane and the operator as users run it. */
async function main(options: z.infer<typeof Options>): Promise<void> {
  const limits = {
    rolloutMinutes: options['rollout-minutes'],
    loopMinutes: options['loop-minutes'],
    edits: options.edits,
  };
  const measures = { ManagedAPI: measureManagedAPI, ConfigMap: measureMounted };
  const trials: Trial[] = [];
  for (const pipelines of options.pipelines) {
    for (const delivery of options.delivery) {
      tellFigure('measuring', `${delivery} with ${pipelines} pipelines`);
      const trial = await measures[delivery](pipelines, limits);
      tellFigure('measured', JSON.stringify(trial));
      trials.push(trial);
    }
  }
  process.stdout.write(`\n${tableOf(trials)}\n\n`);
  for (const { promise, measured, holds } of checkLines(trials)) {
    tellFigure(`${holds ? 'holds' : 'MISSED'}: ${promise}`, measured);
  }
  if (options.publish) publish(trials, limits);
}

const { values } = parseArgs({
  options: {
    pipelines: { type: 'string', default: '200,1000' },
    delivery: { type: 'string', multiple: true, default: ['ManagedAPI', 'ConfigMap'] },
    'rollout-minutes': { type: 'string', default: '8' },
    'loop-minutes': { type: 'string', default: '6' },
    edits: { type: 'string', default: '3' },
    /** Writes what is measured into docs/. */
    publish: { type: 'boolean', default: false },
  },
});
await main(Options.parse(values));
