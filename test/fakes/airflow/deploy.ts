import { type Answer, type Call, html, json, pluginFailure } from './answer.ts';
import { cleanDagId } from './dagId.ts';
import { dagOf } from './dagAttributes.ts';
import { type DeployDocument, parseDocument, type Refusal } from './deployDocument.ts';
import type { FakeOpenMetadataAnswers } from './fakeAirflow.ts';
import { checkOpenMetadata } from './openMetadataCheck.ts';
import type { Profile } from './profile.ts';
import type { World } from './world.ts';

export interface DeployFaults {
  readonly readOnly: boolean;
  readonly error: string | undefined;
}

/** POST /deploy: neither atomic nor rolled back, like the real one. */
export async function deploy(
  world: World,
  call: Call,
  openMetadata: FakeOpenMetadataAnswers | 'ask',
  faults: DeployFaults,
): Promise<Answer> {
  const value = parseJson(call.body);
  if (value === undefined) {
    return html(400, 'The browser (or proxy) sent a request that this server could not understand.');
  }
  if (value === null) {
    return json(400, { error: 'Did not receive any JSON request to deploy' });
  }
  const parsed = parseDocument(world.profile.generation, value);
  if ('refusal' in parsed) {
    return refusalAnswer(world.profile, parsed.refusal);
  }
  const problem = await write(world, call.body, parsed.document, openMetadata, faults);
  return problem === undefined
    ? json(200, { message: `Workflow [${cleanDagId(parsed.document.name)}] has been created` })
    : pluginFailure(world.profile, `Internal error while deploying due to [${problem}] `);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Only a wrong sourceConfig is a 400; whatever else is wrong with a document is an error without a reason. */
function refusalAnswer(profile: Profile, refusal: Refusal): Answer {
  if (refusal.kind === 'document') {
    const problem = refusal.withoutSourceConfig
      ? 'sourceConfig'
      : 'Uncaught error when parsing the Ingestion Pipeline!';
    return pluginFailure(profile, `Internal error while deploying due to [${problem}] `);
  }
  if (profile.masked) {
    return json(400, { error: `Extra parameter '${refusal.field}'` });
  }
  const prefix =
    'Request Validation Error parsing payload. IngestionPipeline expected: 1 validation error for ';
  const detail =
    profile.generation === '2.7.3'
      ? 'extra fields not permitted (type=value_error.extra)'
      : 'Extra inputs are not permitted [type=extra_forbidden, input_value=True, input_type=bool]';
  return json(400, { error: `${prefix}DatabaseServiceMetadataPipeline\n${refusal.field}\n  ${detail}` });
}

async function write(
  world: World,
  body: string,
  document: DeployDocument,
  openMetadata: FakeOpenMetadataAnswers | 'ask',
  faults: DeployFaults,
): Promise<string | undefined> {
  const dagId = cleanDagId(document.name);
  if (!document.openMetadataServerConnection) {
    return "'NoneType' object has no attribute 'secretsManagerProvider'";
  }
  if (faults.readOnly) {
    return `[Errno 30] Read-only file system: '/opt/airflow/dag_generated_configs/${dagId}.json'`;
  }
  world.files.set(`${dagId}.json`, document.openMetadataServerConnection.securityConfig ? body : '');
  if (!document.openMetadataServerConnection.securityConfig) {
    return "'NoneType' object has no attribute 'jwtToken'";
  }
  world.files.set(`${dagId}.py`, '# made by the plugin');
  const problem = faults.error ?? (await checkOpenMetadata(world.profile, document, openMetadata));
  if (problem !== undefined) {
    noteImportError(world, dagId, problem);
    return `Failed to generate workflow [${document.name}] verify config is correct: ${problem}`;
  }
  world.deploys.push({ dagId, body });
  register(world, dagId, document);
  return undefined;
}

/** The files stay, so the scheduler finds them broken: a known DAG keeps its row, a new one gets none. */
function noteImportError(world: World, dagId: string, stackTrace: string): void {
  world.importErrors.set(dagId, { stackTrace, at: world.clock() });
  const row = world.dags.get(dagId);
  if (row) {
    row.hasImportErrors = true;
  }
}

/** The scheduler does it, in its time. */
function register(world: World, dagId: string, document: DeployDocument): void {
  world.pending.push({
    at: world.clock() + world.registrationDelay,
    dag: dagOf(world.profile, dagId, document),
  });
}

/** A file that is there is found again after its DAG was deleted from the database. */
export function registerAgain(world: World, dagId: string): void {
  const parsed = parseDocument(world.profile.generation, parseJson(world.files.get(`${dagId}.json`) ?? ''));
  if (world.files.has(`${dagId}.py`) && 'document' in parsed) {
    register(world, dagId, parsed.document);
  }
}
