/**
 * Runs the work with a signal that aborts after `milliseconds`, with a TimeoutError, or together with `outer`.
 * Nothing of it stays behind on `outer`, which may live as long as the process.
 */
export async function withDeadline<T>(
  milliseconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const controller = new AbortController();
  function abort(): void {
    controller.abort(outer?.reason);
  }
  const timer = setTimeout(() => controller.abort(timeoutError()), milliseconds);
  outer?.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', abort);
  }
}

function timeoutError(): DOMException {
  return new DOMException('no answer within the deadline', 'TimeoutError');
}
