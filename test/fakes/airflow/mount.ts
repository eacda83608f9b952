import { parseJson } from '../../../src/http/parseJson.ts';
import { dagOf } from './dagAttributes.ts';
import { parseDocument } from './deployDocument.ts';
import { applyParse, type Mount, type ParsedDag, type World } from './world.ts';

const REQUEST_DURATION = 20;
const LOADER = /^loader-(\d{2})\.py$/;

export function createMount(delays: Pick<Mount, 'interval' | 'scanDelay' | 'staleDelay'>): Mount {
  return {
    ...delays,
    read: () => new Map(),
    nextParse: new Map(),
    requests: new Map(),
    buildErrors: new Map(),
    documents: new Map(),
  };
}

/** Parses the loaders whose time has come. */
export function parseDueLoaders(world: World): void {
  const { mount } = world;
  const now = world.clock();
  const isDue = mount.nextParse.size === 0 || [...mount.nextParse.values()].some((time) => time <= now);
  if (!isDue) {
    return;
  }
  const files = mount.read();
  const found = [...files.keys()].filter((name) => LOADER.test(name));
  for (const name of new Set([...found, ...mount.nextParse.keys()])) {
    const due = mount.nextParse.get(name) ?? now + mount.scanDelay;
    mount.nextParse.set(name, due);
    if (due <= now) {
      parseLoader(world, name, files);
      mount.nextParse.set(name, now + mount.interval);
    }
  }
}

/** The file is parsed soon; where that was asked for already, or Airflow has no such file, nothing happens. */
export function requestParse(world: World, fileLocation: string): 'asked' | 'pending' | 'unknown' {
  const { mount } = world;
  const now = world.clock();
  const name = fileLocation.slice(fileLocation.lastIndexOf('/') + 1);
  if (![...world.dags.values()].some((dag) => dag.fileLocation === fileLocation)) {
    return 'unknown';
  }
  if ((mount.requests.get(fileLocation) ?? now) > now) {
    return 'pending';
  }
  mount.requests.set(fileLocation, now + REQUEST_DURATION);
  if (LOADER.test(name)) {
    mount.nextParse.set(name, now + REQUEST_DURATION);
  }
  return 'asked';
}

function parseLoader(world: World, name: string, files: ReadonlyMap<string, string>): void {
  const now = world.clock();
  const location = `${world.profile.dagsFolder}/dag_generated_configs/${name}`;
  const documents = files.has(name) ? documentsOf(world, LOADER.exec(name)?.[1] ?? '', files) : new Map();
  for (const [dagId, text] of documents) {
    applyParse(world, build(world, dagId, text), now, location);
    world.mount.documents.set(dagId, text);
  }
  for (const row of world.dags.values()) {
    if (row.fileLocation === location && !documents.has(row.dagId)) {
      row.staleAt = Math.min(row.staleAt, now + world.mount.staleDelay);
    }
  }
}

/** The documents of a shard, without those for which the plugin has a file of its own. */
function documentsOf(
  world: World,
  shard: string,
  files: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const documents = new Map<string, string>();
  for (const [name, text] of files) {
    const dagId = name.startsWith(`${shard}-`) ? /^\d\d-(.+)\.json$/.exec(name)?.[1] : undefined;
    if (dagId !== undefined && !world.files.has(`${dagId}.py`)) {
      documents.set(dagId, text);
    }
  }
  return documents;
}

/** A document that makes no DAG makes one that stands in for it and says why. */
function build({ profile, mount }: World, dagId: string, text: string): ParsedDag {
  const parsed = parseDocument(profile.generation, parseJson(text));
  const fault =
    mount.buildErrors.get(dagId) ??
    ('refusal' in parsed ? 'the plugin refuses it' : faultOfName(parsed.document.name, dagId));
  return 'refusal' in parsed || fault !== undefined
    ? standIn(dagId, fault ?? '')
    : dagOf(profile, dagId, parsed.document);
}

function faultOfName(name: string, dagId: string): string | undefined {
  return name === dagId ? undefined : 'the name is not that of its file';
}

function standIn(dagId: string, reason: string): ParsedDag {
  return {
    dagId,
    description: `Cannot be built: ${reason} [ingestion.open-metadata.org failed]`,
    tags: ['OpenMetadata'],
    pauseOnCreation: true,
    startsAtParse: false,
  };
}
