import { type Guardian, startGuardian } from './guardian.ts';
import { beforeProcessEnds } from './processEnd.ts';
import { type Leftovers, removeLeftovers } from './removeLeftovers.ts';

const groups = new Set<number>();
const paths = new Set<string>();
const controlGroups = new Set<string>();
let guardian: Guardian | undefined;
let installed = false;

/** To call before a child is started: its guard then takes no time in which this process could end. */
export function prepareGuard(): void {
  install();
  guardian ??= startGuardian();
}

/** Makes sure that this process group does not outlive this process, however it ends. */
export function guardGroup(leader: number): void {
  prepareGuard();
  groups.add(leader);
  publish();
}

/** To call when the group is gone, as its number may be given to another. */
export function releaseGroup(leader: number): void {
  groups.delete(leader);
  publish();
}

export function isGuarded(leader: number): boolean {
  return groups.has(leader);
}

/** Makes sure that this file or directory is removed when this process ends. */
export function guardPath(path: string): void {
  install();
  paths.add(path);
  publish();
}

export function releasePath(path: string): void {
  paths.delete(path);
  publish();
}

/** Makes sure that this control group is removed when this process ends; its processes have to be guarded by themselves. */
export function guardControlGroup(path: string): void {
  install();
  controlGroups.add(path);
  publish();
}

export function releaseControlGroup(path: string): void {
  controlGroups.delete(path);
  publish();
}

function install(): void {
  if (installed) return;
  installed = true;
  beforeProcessEnds(removeAll);
}

function removeAll(): void {
  removeLeftovers(all());
  groups.clear();
  paths.clear();
  controlGroups.clear();
  publish();
}

function publish(): void {
  guardian?.tell(all());
}

function all(): Leftovers {
  return { groups: [...groups], paths: [...paths], controlGroups: [...controlGroups] };
}
