import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { buildImageProgram } from '../chart/imageProgram.ts';
import type { FakeWorld } from '../harness/fakeWorld.ts';
import { startFakeWorld } from '../harness/fakeWorld.ts';
import { createFleet, createFleetClient, untilFleetIsReady } from '../harness/fleet.ts';
import { type OperatorProcess, type Program, SOURCES, startOperator } from '../harness/operatorProcess.ts';
import { tellFigure } from '../support/figures.ts';

const ACCOUNT = 'openmetadata-ingestion-operator';
const STARTS = 5;
const Options = z.object({ pipelines: z.coerce.number().int().positive() });

/** What the image makes of the operator: how soon it is ready, and how much memory it takes. */
async function main({ pipelines }: z.infer<typeof Options>): Promise<void> {
  const world = await startFakeWorld({ generation: '3.3.0', latencyMilliseconds: 20 });
  try {
    const bundle = await buildImageProgram();
    const programs = {
      'the image': bundle,
      'the bundle without its settings': { args: bundle.args.slice(-1), environment: {} },
      'the sources': SOURCES,
    };
    for (const [name, program] of Object.entries(programs)) await measureStarts(world, name, program);
    await createFleetClient(world);
    await (await world.cluster.startOperator()).stop();
    const first = await start(world, bundle);
    await createFleet(world.cluster, 'bench', pipelines);
    await untilFleetIsReady(world.cluster, pipelines, 1_200_000);
    tellFigure(`the image after it deployed ${pipelines}`, memoryOf(first));
    await first.stop();
    for (const [name, program] of Object.entries(programs))
      await measureMany(world, name, program, pipelines);
  } finally {
    await world.stop();
  }
}

async function start({ cluster: { plane } }: FakeWorld, program: Program): Promise<OperatorProcess> {
  const kubeconfig = await plane.serviceAccountKubeconfig(ACCOUNT, ACCOUNT);
  return startOperator({ kubeconfig, directory: plane.directory, program });
}

async function measureStarts(world: FakeWorld, name: string, program: Program): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < STARTS; round += 1) {
    const operator = await start(world, program);
    times.push(operator.startMilliseconds);
    if (round === STARTS - 1) {
      await settled();
      tellFigure(`${name}, nothing to do`, memoryOf(operator));
    }
    await operator.stop();
  }
  const [fastest = 0, , median = 0, , slowest = 0] = times.toSorted((left, right) => left - right);
  tellFigure(`${name}, start until ready`, `${fastest} / ${median} / ${slowest} ms (least, median, most)`);
}

async function measureMany(
  world: FakeWorld,
  name: string,
  program: Program,
  pipelines: number,
): Promise<void> {
  const operator = await start(world, program);
  await settled();
  tellFigure(`${name}, started with ${pipelines} pipelines`, memoryOf(operator));
  await operator.stop();
}

/** As Linux counts it. */
function memoryOf({ process }: OperatorProcess): string {
  const status = readFileSync(join('/proc', String(process.pid), 'status'), 'utf8');
  const [, kibibytes = ''] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return `${Math.round(Number(kibibytes) / 1024)} MiB`;
}

/** Long enough for the first comparison of everything. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 15_000));
}

const { values } = parseArgs({ options: { pipelines: { type: 'string', default: '1000' } } });
await main(Options.parse(values));
