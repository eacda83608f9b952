/** One signal out of the caller's and a deadline, without leaving a listener behind on a signal that lives for days. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it was the deadline that aborted. */
  passed(): boolean;
  release(): void;
}

export function startDeadline(outer: AbortSignal, milliseconds: number): Deadline {
  const controller = new AbortController();
  let passed = false;

  function follow(): void {
    controller.abort(outer.reason);
  }

  const timer = setTimeout(() => {
    passed = true;
    controller.abort();
  }, milliseconds);
  outer.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    passed: () => passed,
    release() {
      clearTimeout(timer);
      outer.removeEventListener('abort', follow);
    },
  };
}
