import type { Finding } from './finding.ts';
import { nearest } from './nearest.ts';
import { formsOf, serviceForms } from './places.ts';
import type { Setting, VersionSchema } from './setting.ts';
import { versionSpan } from './versionSpan.ts';
import { listed } from './words.ts';

type UnknownType = Omit<Setting, 'form'>;

/** Tells why a version has no form for a type of source configuration: never, not yet, no more, or not for this service. */
export function explainUnknownType(setting: UnknownType, versions: readonly VersionSchema[]): Finding {
  const { configType, serviceType, schema, version, isOutdated } = setting;
  const services = Object.keys(serviceForms(schema, configType));
  if (services.length > 0) {
    return finding(
      `${configType} is not for a ${serviceType}`,
      `use it with a ${listed(services)}`,
      isOutdated,
    );
  }
  const span = spanOf(setting, versions);
  const types = Object.keys(schema.sourceConfigs);
  const near = nearest(configType, types);
  const told = span === undefined && near === undefined;
  const remedy = span === undefined ? undefined : `known ${span}`;
  const guess = near === undefined ? `use ${listed(types, types.length)}` : `did you mean ${near}?`;
  return finding(
    `OpenMetadata ${version} does not know the type ${configType}`,
    remedy ?? guess,
    isOutdated && told,
  );
}

function spanOf(
  { configType, serviceType, version }: UnknownType,
  versions: readonly VersionSchema[],
): string | undefined {
  const knowing = versions.filter(({ schema }) => formsOf(schema, configType, serviceType).length > 0);
  return versionSpan(
    knowing.map((one) => one.version),
    version,
    versions.map((one) => one.version),
  );
}

function finding(message: string, remedy: string, isUncertain: boolean): Finding {
  const severity = isUncertain ? 'warning' : 'error';
  return { kind: 'unknownType', severity, pointer: '/config/type', message, remedy };
}
