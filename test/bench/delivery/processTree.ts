import { readdirSync, readFileSync } from 'node:fs';

const TABLE = '/proc';
/** Linux counts CPU time in hundredths of a second wherever it shows it. */
const TICKS_PER_SECOND = 100;
const KIBIBYTE = 1024;

/** Memory of a process and of all that descend from it, in bytes. */
export interface TreeMemory {
  readonly processes: number;
  /** What is in memory, counted in each process that has it. */
  readonly resident: number;
  /** The same with each page divided among the processes that share it, so that the sum is what is really taken. */
  readonly proportional: number;
}

/** CPU seconds of a process, of all that descend from it, and of those of them that have ended. */
export function cpuSecondsOf(root: number): number {
  const ticks = treeOf(root).reduce((sum, { cpuTicks }) => sum + cpuTicks, 0);
  return ticks / TICKS_PER_SECOND;
}

/** CPU seconds of all that descends from a process and has not ended. */
export function cpuSecondsBelow(root: number): number {
  const ticks = treeOf(root).reduce((sum, { pid, cpuTicks }) => sum + (pid === root ? 0 : cpuTicks), 0);
  return ticks / TICKS_PER_SECOND;
}

export function memoryOf(root: number): TreeMemory {
  const found = treeOf(root).flatMap(({ pid }) => memoryOfProcess(pid) ?? []);
  return {
    processes: found.length,
    resident: sum(found.map(({ resident }) => resident)),
    proportional: sum(found.map(({ proportional }) => proportional)),
  };
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Own time and that of the ended children whose results the process has asked for. */
  readonly cpuTicks: number;
}

function treeOf(root: number): ProcessEntry[] {
  const table = readTable();
  const tree = table.filter(({ pid }) => pid === root);
  // Grows while it is walked: each process brings its children.
  for (const { pid } of tree) {
    tree.push(...table.filter(({ parent }) => parent === pid));
  }
  return tree;
}

function readTable(): ProcessEntry[] {
  return readdirSync(TABLE)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readEntry(Number(name)) ?? []);
}

/** Undefined where the process has ended in between. */
function readEntry(pid: number): ProcessEntry | undefined {
  const line = readOf(pid, 'stat');
  if (line === undefined) return undefined;
  // The command's name, in brackets, may contain anything. Fields are counted from the state, the third of the line.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const cpuTicks = sum(fields.slice(11, 15).map(Number));
  return { pid, parent: Number(fields[1]), cpuTicks };
}

function memoryOfProcess(pid: number): Omit<TreeMemory, 'processes'> | undefined {
  const text = readOf(pid, 'smaps_rollup');
  // Empty for one that has ended and waits for its parent.
  if (text === undefined || text === '') return undefined;
  return { resident: bytesOf(text, 'Rss'), proportional: bytesOf(text, 'Pss') };
}

function bytesOf(text: string, field: string): number {
  return Number(new RegExp(`^${field}: +(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * KIBIBYTE;
}

function readOf(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`${TABLE}/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
