import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { eventually } from '../support/eventually.ts';
import { terminalProgress } from '../support/progress.ts';

const CANDIDATE = fileURLToPath(new URL('../../src/kube/testing/leaseCandidate.ts', import.meta.url));

interface Candidate {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  /** What it has said, with the moment. */
  readonly said: { word: string; at: number }[];
}

let plane: ControlPlane;
const candidates: Candidate[] = [];

beforeAll(async () => {
  plane = await startControlPlane({ progress: terminalProgress() });
});

afterAll(async () => {
  for (const { child } of candidates) {
    child.kill('SIGKILL');
  }
  await plane?.stop();
});

function start(lease: string, identity: string): Candidate {
  const args = [CANDIDATE, plane.adminKubeconfig, 'default', lease, identity];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const candidate: Candidate = { child, said: [] };
  createInterface(child.stdout).on('line', (word) => candidate.said.push({ word, at: Date.now() }));
  candidates.push(candidate);
  return candidate;
}

async function until(candidate: Candidate, word: string): Promise<number> {
  return eventually(
    () => {
      const line = candidate.said.find((said) => said.word === word);
      expect(line, `${word} to be said`).toBeDefined();
      return line?.at ?? 0;
    },
    { timeoutMs: 40_000, intervalMs: 20 },
  );
}

async function startPair(lease: string): Promise<{ leader: Candidate; follower: Candidate }> {
  const leader = start(lease, 'first');
  await until(leader, 'leads');
  const follower = start(lease, 'second');
  // Long enough for it to have seen a renewal.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(follower.said).toEqual([]);
  return { leader, follower };
}

function report(figure: string): void {
  process.stderr.write(`${figure}\n`);
}

function lastLead({ said }: Candidate): number {
  return said.findLast(({ word }) => word === 'leads')?.at ?? 0;
}

test.concurrent('a leader that ends cleanly is followed within 3 s', async () => {
  const { leader, follower } = await startPair('clean');

  const asked = Date.now();
  leader.child.kill('SIGTERM');
  const followed = await until(follower, 'leads');
  await until(leader, 'stopped');

  report(`clean hand-over: ${followed - asked} ms`);
  expect(followed - asked).toBeLessThanOrEqual(3_000);
  expect(lastLead(leader)).toBeLessThanOrEqual(followed);
});

test.concurrent('a leader that is killed is followed within 20 s', async () => {
  const { leader, follower } = await startPair('killed');

  const killed = Date.now();
  leader.child.kill('SIGKILL');
  const followed = await until(follower, 'leads');

  report(`take-over after a kill: ${followed - killed} ms`);
  expect(followed - killed).toBeLessThanOrEqual(20_000);
});

test.concurrent('a leader that was suspended has lost its lead when it wakes up', async () => {
  const { leader, follower } = await startPair('suspended');

  leader.child.kill('SIGSTOP');
  const suspended = Date.now();
  await until(follower, 'leads');
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  leader.child.kill('SIGCONT');
  await until(leader, 'lost');

  expect(lastLead(leader)).toBeLessThanOrEqual(suspended + 200);
});
