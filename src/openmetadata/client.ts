import { z } from 'zod';
import { quoteName, serviceFullyQualifiedName } from '../domain/naming.ts';
import { type OpenMetadata, OpenMetadataError, type ServiceReference } from './openMetadata.ts';
import { createPipelineEntities } from './pipelineEntities.ts';
import { createServerCall, isAbsent, readAnswer, type OpenMetadataOptions } from './serverCall.ts';
import { servicePath } from './serviceTypes.ts';

const Version = z.object({ version: z.string() });
const Service = z.object({ id: z.string(), name: z.string(), fullyQualifiedName: z.string() });
/** Also the answer to a question about a backend that is not well: its own code then tells. */
const PipelineService = z.object({ platform: z.string() });
const Identified = z.object({ id: z.string() });

const PATHS = { user: 'users', team: 'teams', domain: 'domains' } as const;

/** Opens the door to one OpenMetadata server. Makes no call by itself. */
export function createOpenMetadata(options: OpenMetadataOptions): OpenMetadata {
  const server = createServerCall(options);
  const { address } = server;

  async function find<T>(schema: z.ZodType<T>, path: string, signal: AbortSignal): Promise<T | undefined> {
    const answer = await server.send({ method: 'GET', path }, signal);
    return isAbsent(answer) ? undefined : readAnswer(schema, answer, address);
  }

  async function findService(
    type: string,
    name: string,
    signal: AbortSignal,
  ): Promise<ServiceReference | undefined> {
    const path = servicePath(type);
    if (path === undefined) {
      throw new OpenMetadataError('unknownServiceType', `There is no service type ${type} in OpenMetadata.`);
    }
    const fullyQualifiedName = serviceFullyQualifiedName({ type, name });
    return find(Service, `${path}/name/${encodeURIComponent(fullyQualifiedName)}`, signal);
  }

  return {
    async version(signal) {
      const answer = await server.send({ method: 'GET', path: 'system/version' }, signal);
      return readAnswer(Version, answer, address).version;
    },
    findService,
    async findId(type, name, signal) {
      const fullyQualifiedName = type === 'domain' ? name : quoteName(name);
      const path = `${PATHS[type]}/name/${encodeURIComponent(fullyQualifiedName)}`;
      return (await find(Identified, path, signal))?.id;
    },
    pipelines: createPipelineEntities(server),
    async pipelinePlatform(signal) {
      const path = 'services/ingestionPipelines/status';
      const answer = await server.send({ method: 'GET', path }, signal);
      return readAnswer(PipelineService, answer, address).platform;
    },
    close: () => server.close(),
  };
}
