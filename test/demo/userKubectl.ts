import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createKubectl, type Kubectl, kubectlOrThrow } from '../control-plane/kubectl.ts';
import { guardGroup, prepareGuard, releaseGroup } from '../support/leftovers.ts';
import { signalGroup } from '../support/signalGroup.ts';
import type { Screen } from './screen.ts';

/** The kubectl of the one who uses the operator, where the parts that the demo started are. */
export class UserKubectl {
  readonly executable: string;
  readonly kubeconfig: string;
  readonly #screen: Screen;
  readonly #run: Kubectl;

  constructor(executable: string, kubeconfig: string, directory: string, screen: Screen) {
    this.executable = executable;
    this.kubeconfig = kubeconfig;
    this.#screen = screen;
    this.#run = createKubectl(executable, kubeconfig, directory);
  }

  /** Shows the command and what it says; throws when it fails. */
  async show(...args: readonly string[]): Promise<void> {
    this.#screen.command(`kubectl ${args.map(quote).join(' ')}`);
    this.#screen.print(await this.quietly(...args));
  }

  quietly(...args: readonly string[]): Promise<string> {
    return kubectlOrThrow(this.#run, args);
  }

  /** The lines of a command that goes on until the loop over them ends or the signal is aborted. */
  async *lines(args: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
    prepareGuard();
    const child = spawn(this.executable, [`--kubeconfig=${this.kubeconfig}`, ...args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const leader = child.pid ?? 0;
    guardGroup(leader);
    function stop(): void {
      signalGroup(leader, 'SIGKILL');
    }
    signal.addEventListener('abort', stop);
    try {
      yield* createInterface({ input: child.stdout });
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
      releaseGroup(leader);
    }
  }
}

/** As it would have to be typed. */
function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument}'`;
}
