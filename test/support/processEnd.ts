const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a synchronous action when this process ends: at its normal end, after an uncaught exception, and after SIGINT,
 * SIGTERM or SIGHUP. It may run more than once.
 */
export function beforeProcessEnds(action: () => void): void {
  process.on('exit', action);
  for (const signal of SIGNALS) process.on(signal, endBySignal);

  function endBySignal(signal: NodeJS.Signals): void {
    action();
    // Somebody else also listens and will end the process.
    if (process.listenerCount(signal) > 1) return;
    // By the signal itself, so that the caller's shell sees the right cause.
    process.off(signal, endBySignal);
    process.kill(process.pid, signal);
  }
}
