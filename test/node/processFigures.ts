import { readFileSync } from 'node:fs';

/** Of Linux on all its processors: hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Resident memory of a process, in MiB. */
export function residentMemory(pid: number): number {
  const [, kibibytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kibibytes) / 1024);
}

/** Seconds since a process started, to a hundredth. */
export function ageOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name, in brackets, may contain anything; of what follows it the start is the 20th.
  const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) / TICKS_PER_SECOND;
  const [uptime = '0'] = readFileSync('/proc/uptime', 'utf8').split(' ');
  return Number(uptime) - started;
}
