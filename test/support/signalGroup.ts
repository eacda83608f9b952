/** Sends a signal to every process of the group, if there is any. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // They ended by themselves.
  }
}
