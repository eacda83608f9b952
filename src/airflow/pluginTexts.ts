import type { AirflowErrorKind } from './airflowError.ts';
import { invalidFields, nestedParameters } from './invalidFields.ts';

/** What the plugin's own words of an error mean. */
export interface TextMeaning {
  readonly kind: AirflowErrorKind;
  /** What is wrong and what to do, in our words; follows "Airflow at … could not …: ". */
  readonly reason: string;
}

interface Row {
  readonly matches: RegExp;
  readonly kind: AirflowErrorKind;
  readonly reason: string | ((found: RegExpExecArray) => string);
}

/**
 * Tested in this order, because inner texts come wrapped in outer ones. Only identifiers of a harmless grammar are taken
 * over from a text: module names, version numbers, field names.
 */
const rows: readonly Row[] = [
  {
    matches: /Server version is ([\d.]{1,20})\S* vs\. Client version ([\d.]{1,20})/,
    kind: 'versionMismatch',
    reason: ([, server, client]) =>
      `OpenMetadata is ${trimDots(server)} but the ingestion package in Airflow is ${trimDots(client)}. Install ` +
      "openmetadata-ingestion and openmetadata-managed-apis of the server's major.minor version in Airflow.",
  },
  {
    matches: /Major and minor versions should match|Server version is .* vs\. Client version/s,
    kind: 'versionMismatch',
    reason:
      'the versions of OpenMetadata and of the ingestion package in Airflow differ. Install openmetadata-ingestion and ' +
      "openmetadata-managed-apis of the server's major.minor version in Airflow.",
  },
  {
    matches: /Cannot Find Version at api\/v1\/system\/version/,
    kind: 'openMetadataUnreachable',
    reason:
      'Airflow found no OpenMetadata at metadataApiEndpoint. The address must be one that Airflow can reach and end in /api.',
  },
  {
    matches: /CERTIFICATE_VERIFY_FAILED|SSLError/,
    kind: 'openMetadataUnreachable',
    reason:
      "Airflow does not trust OpenMetadata's certificate. Set openMetadata.verifySSL and its CA certificate for the " +
      'ingestion side.',
  },
  {
    matches: /Could not get service from type/,
    kind: 'serviceNotFound',
    reason:
      'Airflow could not read the service from OpenMetadata. Check that the service exists under this name and type, and ' +
      'that the bot token in openMetadata.jwtToken is valid.',
  },
  {
    matches: /JWT Token keyID doesn't match|Expired token|Not Authorized|\b401\b/,
    kind: 'tokenRejected',
    reason: 'OpenMetadata refused the bot token of the document. Set a valid openMetadata.jwtToken.',
  },
  {
    matches: /instance for .* not found/s,
    kind: 'serviceNotFound',
    reason:
      'OpenMetadata does not know the service. Create it there, or correct service.name and service.type.',
  },
  {
    matches: /Invalid Service Type:/,
    kind: 'invalidPayload',
    reason: 'this version of the plugin does not know service.type. Correct it or upgrade the plugin.',
  },
  {
    matches: /We encountered an error parsing the configuration of your/,
    kind: 'invalidServiceConnection',
    reason:
      'the connection stored with the service in OpenMetadata is not valid for the ingestion package in Airflow. Repair ' +
      'the service in OpenMetadata (a parameter is missing, unknown or wrong).',
  },
  {
    matches: /^(Extra|Missing) parameter '([\w.[\]-]{1,100})'/,
    kind: 'invalidPayload',
    reason: ([, what, field]) =>
      `the parameter ${field} of sourceConfig.config is ${what === 'Extra' ? 'unknown to this plugin' : 'missing'}.`,
  },
  {
    matches: /^Invalid parameter value for '([\w.[\]-]{1,100})'/,
    kind: 'invalidPayload',
    reason: ([, field]) => `the value of the parameter ${field} of sourceConfig.config is not valid.`,
  },
  {
    matches: /^(Extra|Missing|Invalid) parameter/,
    kind: 'invalidPayload',
    reason: ({ input }) =>
      `a parameter of sourceConfig.config is unknown, missing or not valid${nestedParameters(input)}.`,
  },
  {
    matches: /Missing type in the (serviceConnection|sourceConfig) config/,
    kind: 'invalidPayload',
    reason: ([, part]) => `type is missing in ${part}.config.`,
  },
  {
    matches: /Uncaught error w/,
    kind: 'invalidPayload',
    reason:
      'a field outside of sourceConfig is not valid for this plugin, which does not say which. Check airflowConfig and ' +
      "service, and that the plugin's version is the one of OpenMetadata.",
  },
  {
    matches: /Request Validation Error parsing payload/,
    kind: 'invalidPayload',
    reason: (found) =>
      `the plugin refused the document${invalidFields(found.input)}. Correct sourceConfig or airflowConfig.`,
  },
  {
    matches: /object has no attribute 'model'/,
    kind: 'invalidPayload',
    reason:
      'the plugin refused the document and, by a defect of its own, does not say why. Check sourceConfig for unknown or ' +
      'missing fields.',
  },
  {
    matches: /object has no attribute '(secretsManagerProvider|type|root|__root__|jwtToken)'/,
    kind: 'invalidPayload',
    reason: ([, attribute]) =>
      `the plugin needs a part of the document that is empty (it missed ${attribute}): the connection to OpenMetadata with ` +
      'its token, the service, or the full name.',
  },
  {
    matches: /Failed to initialize the OpenMetadata client due to:/,
    kind: 'openMetadataUnreachable',
    reason:
      'Airflow cannot reach OpenMetadata at metadataApiEndpoint. The address must work from inside the Airflow containers ' +
      'and end in /api.',
  },
  {
    matches: /No module named '([\w.]{1,80})'/,
    kind: 'pluginDependencyMissing',
    reason: ([, module]) =>
      `the Python module ${module} is not installed in Airflow. Install openmetadata-ingestion with the extras that the ` +
      'pipeline needs in the web server, scheduler and workers.',
  },
  {
    matches:
      /Read-only file system|Permission denied|No space left on device|No such file or directory|Not a directory|\[Errno 17\] File exists/,
    kind: 'configsDirectoryReadOnly',
    reason:
      'the plugin cannot write its files. DAG_GENERATED_CONFIGS and the DAGs folder must exist, be writable for Airflow and ' +
      'have space left.',
  },
  {
    matches: /Cannot open config file/,
    kind: 'dagBuildFailed',
    reason:
      'the generated file is not where Airflow looks for it. DAG_GENERATED_CONFIGS must be one shared volume, mounted at ' +
      'the same path in every Airflow container.',
  },
  {
    matches: /failed to refresh due to/,
    kind: 'dagBuildFailed',
    reason: "Airflow wrote the files but could not load the DAG. Look at the web server's log.",
  },
  {
    matches: /verify config is correct/,
    kind: 'dagBuildFailed',
    reason: "Airflow could not build a DAG out of the document. Look at the web server's log for the reason.",
  },
  {
    matches: /not found in DagModel|Dag id .* not found/s,
    kind: 'dagNotFound',
    reason: 'Airflow does not know the DAG (yet): its scheduler has to parse the file first.',
  },
];

/** What a text of the plugin means, or undefined where it says nothing known. */
export function textMeaning(text: string): TextMeaning | undefined {
  for (const row of rows) {
    const found = row.matches.exec(text);
    if (found) {
      return { kind: row.kind, reason: typeof row.reason === 'string' ? row.reason : row.reason(found) };
    }
  }
  return undefined;
}

function trimDots(version: string | undefined): string {
  return (version ?? '').replace(/\.+$/, '');
}
