import { existsSync, readdirSync, readFileSync } from 'node:fs';

const TABLE = '/proc';
/** Linux has it; elsewhere ended processes are taken for running until their parent notices. */
const HAS_TABLE = existsSync(`${TABLE}/self/stat`);

/** Whether a process of this number runs (it may be one of another user). */
export function processIsAlive(pid: number): boolean {
  return answersSignal(pid) && !(HAS_TABLE && hasEnded(stateOf(pid)));
}

/** Whether any process of this group runs. */
export function groupIsAlive(leader: number): boolean {
  if (!answersSignal(-leader)) return false;
  return !HAS_TABLE || allStates().some((state) => state?.group === leader && !hasEnded(state));
}

function answersSignal(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

interface ProcessState {
  readonly letter: string | undefined;
  readonly group: number;
}

/** An ended process stays in the table as Z until its parent, which may be a slow init, has asked for its result. */
function hasEnded(state: ProcessState | undefined): boolean {
  return state === undefined || state.letter === 'Z' || state.letter === 'X';
}

function allStates(): (ProcessState | undefined)[] {
  return readdirSync(TABLE)
    .filter((name) => /^\d+$/.test(name))
    .map((name) => stateOf(Number(name)));
}

function stateOf(pid: number): ProcessState | undefined {
  try {
    const line = readFileSync(`${TABLE}/${pid}/stat`, 'utf8');
    // The command's name, in brackets, may contain anything.
    const [letter, , group] = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return { letter, group: Number(group) };
  } catch {
    return undefined;
  }
}
