import { StepPainter } from './stepPainter.ts';

/** Tells a running step's current detail, such as "3 of 4". */
export type Report = (detail: string) => void;

/** Shows long steps to the one who waits for them. */
export interface Progress {
  /** Runs the action as a step, with its title, its usual duration when known, and the time elapsed. */
  step<T>(title: string, action: (report: Report) => Promise<T>, usualSeconds?: number): Promise<T>;
}

/** Repainted and coloured on a terminal; plain lines elsewhere (at the start, every 15 s and at the end). */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return {
    async step(title, action, usualSeconds) {
      const painter = new StepPainter(stream, title, usualSeconds);
      try {
        const result = await action((detail) => painter.report(detail));
        painter.end('done');
        return result;
      } catch (error) {
        painter.end('failed');
        throw error;
      }
    },
  };
}

export function silentProgress(): Progress {
  return { step: (_title, action) => action(() => undefined) };
}
