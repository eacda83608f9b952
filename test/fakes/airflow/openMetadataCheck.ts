import { z } from 'zod';
import type { DeployDocument } from './deployDocument.ts';
import type { FakeOpenMetadataAnswers } from './fakeAirflow.ts';
import type { Profile } from './profile.ts';

const servicePaths: Readonly<Record<string, string>> = {
  databaseService: 'services/databaseServices',
  pipelineService: 'services/pipelineServices',
  dashboardService: 'services/dashboardServices',
  messagingService: 'services/messagingServices',
  mlmodelService: 'services/mlmodelServices',
  metadataService: 'services/metadataServices',
  storageService: 'services/storageServices',
  searchService: 'services/searchServices',
  apiService: 'services/apiServices',
  driveService: 'services/driveServices',
};

const Version = z.object({ version: z.string() });

/** What the import of the generated DAG file asks OpenMetadata; the text of the first thing that is wrong. */
export async function checkOpenMetadata(
  profile: Profile,
  document: DeployDocument,
  openMetadata: FakeOpenMetadataAnswers | 'ask',
): Promise<string | undefined> {
  const type = document.service?.type ?? '';
  const name = document.service?.name ?? '';
  if (document.pipelineType === 'application') {
    return undefined;
  }
  if (type !== 'testSuite' && servicePaths[type] === undefined) {
    return `Invalid Service Type: ${type}`;
  }
  if (openMetadata === 'ask') {
    return await askServer(profile, document, type, name);
  }
  const version = openMetadata.version ?? profile.pluginVersion;
  const known = type === 'testSuite' || (openMetadata.hasService?.(type, name) ?? true);
  return versionProblem(profile, version) ?? (known ? undefined : serviceProblem(type, name));
}

function versionProblem(profile: Profile, version: string): string | undefined {
  if (majorMinor(version) === majorMinor(profile.pluginVersion)) {
    return undefined;
  }
  return (
    'Failed to initialize the OpenMetadata client due to: ' +
    `Server version is ${version} vs. Client version ${profile.pluginVersion}. Major and minor versions should match.`
  );
}

function majorMinor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function serviceProblem(type: string, name: string): string {
  return `${type}s instance for ${name} not found`;
}

async function askServer(
  profile: Profile,
  document: DeployDocument,
  type: string,
  name: string,
): Promise<string | undefined> {
  const connection = document.openMetadataServerConnection;
  const base = `${connection?.hostPort ?? ''}/v1`;
  const headers = { authorization: `Bearer ${connection?.securityConfig?.jwtToken ?? ''}` };
  try {
    const version = Version.parse(await (await fetch(`${base}/system/version`, { headers })).json());
    const problem = versionProblem(profile, version.version);
    if (problem !== undefined || type === 'testSuite') {
      return problem;
    }
    const answer = await fetch(`${base}/${servicePaths[type]}/name/${encodeURIComponent(name)}`, { headers });
    if (answer.status === 401) {
      return 'Not Authorized! Token not present or not valid';
    }
    return answer.ok ? undefined : serviceProblem(type, name);
  } catch {
    return 'Failed to initialize the OpenMetadata client due to: Max retries exceeded with url: /api/v1/system/version';
  }
}
