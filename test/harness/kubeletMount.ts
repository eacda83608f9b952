import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DATA = '..data';
const NEW_DATA = '..data_tmp';

export interface KubeletMountOptions {
  /** What the volume's sources hold now: the text of each file by its name. */
  readonly read: () => Promise<ReadonlyMap<string, string>>;
  /** Where the volume is mounted; made when it is not there, and left there. */
  readonly directory: string;
  /** Synchronises by itself, this often, where it is given. A kubelet does so about once a minute. */
  readonly intervalMs?: number;
}

/** A directory that is kept as the kubelet keeps a projected volume. */
export interface KubeletMount {
  /** Fulfilled when the directory holds what the sources held at some time after the call. */
  sync(): Promise<void>;
  /** Lets the directory be as it is; fulfilled when nothing writes to it any more. */
  stop(): Promise<void>;
}

/** Mounts what `read` gives; the first synchronisation is over when fulfilled. */
export async function mountFiles(options: KubeletMountOptions): Promise<KubeletMount> {
  const { read, directory, intervalMs } = options;
  mkdirSync(directory, { recursive: true });
  let mounted: ReadonlyMap<string, string> | undefined;
  let last: Promise<void> = Promise.resolve();

  async function update(): Promise<void> {
    const files = await read();
    if (mounted !== undefined && isSame(mounted, files)) return;
    writeAtomically(directory, files);
    mounted = files;
  }

  function sync(): Promise<void> {
    const synced = last.then(update);
    last = synced.catch(() => undefined);
    return synced;
  }

  await sync();
  // A source that cannot be read now is read the next time, as by a kubelet.
  const timer =
    intervalMs === undefined ? undefined : setInterval(() => void sync().catch(() => {}), intervalMs);
  return {
    sync,
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}

/** The kubelet's own order: all files in a new directory, then one rename, then the links of new and of removed files. */
function writeAtomically(directory: string, files: ReadonlyMap<string, string>): void {
  const version = newVersion(directory);
  for (const [name, text] of files) writeFileSync(join(directory, version, name), text);
  const old = currentVersion(directory);
  rmSync(join(directory, NEW_DATA), { force: true });
  symlinkSync(version, join(directory, NEW_DATA));
  renameSync(join(directory, NEW_DATA), join(directory, DATA));
  updateLinks(directory, files);
  if (old !== undefined) rmSync(join(directory, old), { recursive: true });
}

/** A name such as `..2026_11_23_13_05_01.a1B2c3`. */
function newVersion(directory: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[-T:]/g, '_');
  return mkdtempSync(join(directory, `..${time}.`)).slice(directory.length + 1);
}

function currentVersion(directory: string): string | undefined {
  try {
    return readlinkSync(join(directory, DATA));
  } catch {
    return undefined;
  }
}

function updateLinks(directory: string, files: ReadonlyMap<string, string>): void {
  // Unlike the real volume ours is no read-only one, and Python puts its __pycache__ there.
  const entries = readdirSync(directory, { withFileTypes: true });
  const links = entries.filter((entry) => entry.isSymbolicLink() && entry.name !== DATA);
  const linked = new Set(links.map(({ name }) => name));
  for (const name of files.keys()) {
    if (!linked.has(name)) symlinkSync(join(DATA, name), join(directory, name));
  }
  for (const name of linked) {
    if (!files.has(name)) rmSync(join(directory, name));
  }
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([name, text]) => other.get(name) === text);
}
