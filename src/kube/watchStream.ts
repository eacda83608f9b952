import { z } from 'zod';
import { kindOfStatus, KubeError } from './kubeError.ts';
import type { PooledKubeConfig } from './kubeConfig.ts';
import { parsed } from './parsed.ts';
import { open, parseJson } from './request.ts';

const LONGEST_LINE = 32 * 1024 * 1024;

const WatchEvent = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});
export type WatchEvent = z.infer<typeof WatchEvent>;

const StatusObject = z.object({ code: z.number().catch(500) }).catch({ code: 500 });

export interface WatchRequest {
  readonly path: string;
  readonly labelSelector?: string | undefined;
  readonly resourceVersion: string;
  /** Milliseconds without a single byte after which the connection counts as dead. */
  readonly idleLimit: number;
  /** Milliseconds after which the watch ends in any case; the API server is asked to end it then. */
  readonly duration: number;
  readonly signal: AbortSignal;
}

/**
 * Events as they arrive, a batch for each piece read. Returns when the server ends the watch, when it fell silent or
 * when its time is over; throws KubeError for everything else, with kind `expired` when the version is gone.
 */
export async function* watchEvents(
  kubeConfig: PooledKubeConfig,
  request: WatchRequest,
): AsyncGenerator<WatchEvent[]> {
  const timers = watchTimers(request);
  try {
    const response = await open(kubeConfig, toKubeRequest(request), 'watch', timers.signal);
    timers.touch();
    const split = lineSplitter();
    for await (const chunk of response.body) {
      timers.touch();
      yield split(chunk).map((line) => parseEvent(line, request.path));
    }
  } catch (error) {
    if (!timers.over()) {
      throw error;
    }
  } finally {
    timers.stop();
  }
}

function toKubeRequest({ path, labelSelector, resourceVersion, duration }: WatchRequest): {
  method: 'GET';
  path: string;
  query: Record<string, string>;
} {
  return {
    method: 'GET',
    path,
    query: {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion,
      ...(labelSelector !== undefined && { labelSelector }),
      timeoutSeconds: String(Math.max(1, Math.floor(duration / 1_000))),
    },
  };
}

interface WatchTimers {
  readonly signal: AbortSignal;
  touch(): void;
  /** True if the watch was ended by a timer, which is no error. */
  over(): boolean;
  stop(): void;
}

function watchTimers({ idleLimit, duration, signal: outer }: WatchRequest): WatchTimers {
  const controller = new AbortController();
  let over = false;
  let idle = setTimeout(end, idleLimit);
  const whole = setTimeout(end, duration + idleLimit);
  outer.addEventListener('abort', abort, { once: true });

  function end(): void {
    over = true;
    controller.abort();
  }
  function abort(): void {
    controller.abort(outer.reason);
  }
  if (outer.aborted) {
    abort();
  }

  return {
    signal: controller.signal,
    over: () => over,
    touch: () => {
      idle.refresh();
    },
    stop() {
      clearTimeout(idle);
      clearTimeout(whole);
      outer.removeEventListener('abort', abort);
      controller.abort();
    },
  };
}

function lineSplitter(): (chunk: Buffer) => string[] {
  const decoder = new TextDecoder();
  let rest = '';
  return function split(chunk) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) {
      throw new KubeError('unexpected', 'watch', { reason: 'LineTooLong' });
    }
    return lines.filter((line) => line.trim() !== '');
  };
}

function parseEvent(line: string, path: string): WatchEvent {
  const operation = `WATCH ${path}`;
  const event = parsed(WatchEvent, parseJson(line, operation), operation);
  if (event.type === 'ERROR') {
    const { code } = StatusObject.parse(event.object);
    throw new KubeError(kindOfStatus(code), operation, { status: code });
  }
  return event;
}
