import { row } from './ruleRow.ts';
import type { RuleRow } from './ruleRow.ts';

const OBJECT_NAME = 'must be the name of an object';
const DATA_KEY = 'must be a key of a Secret';
const VARIABLE = 'must be the name of an environment';

const SECRET = { secretRef: 'airflow', secretKey: 'value' };
const CONFIG_MAP = { configMapRef: 'authorities', configMapKey: 'ca.crt' };

/** One row for each CEL rule. */
export const clientRules: readonly RuleRow[] = [
  row('must be an http or https URL without', 'spec.apiEndpoint', 'https://a/prefix', 'http://me:secret@a'),
  row(
    'must be an http or https URL that ends',
    'spec.metadataApiEndpoint',
    'https://a/b/api',
    'http://a/api/',
  ),
  row('clientCertificate and clientKey', 'spec.sslConfig', {}, { clientCertificate: SECRET }),
  row('set exactly one of username', 'spec.auth.username', undefined, 'admin', 'spec.auth'),
  row('set exactly one of jwtToken', 'spec.openMetadata', { jwtTokenEnv: 'OM_JWT' }, {}),
  row(
    'register needs jwtToken',
    'spec.openMetadata',
    { jwtTokenEnv: 'OM_JWT', register: false },
    { jwtTokenEnv: 'OM_JWT', register: true },
    'spec.openMetadata.register',
  ),
  row(
    VARIABLE,
    'spec.openMetadata',
    { jwtTokenEnv: 'OM_JWT' },
    { jwtTokenEnv: 'OM-JWT' },
    'spec.openMetadata.jwtTokenEnv',
  ),
  row(OBJECT_NAME, 'spec.configMap.name', 'documents', 'Documents'),
  row(
    'selector is needed',
    'spec.allowedNamespaces',
    { from: 'Selector', selector: {} },
    { from: 'All', selector: {} },
  ),
  row(
    'values are needed',
    'spec.allowedNamespaces.selector.matchExpressions.0',
    { key: 'a', operator: 'Exists' },
    { key: 'a', operator: 'NotIn' },
  ),
  ...certificateRows('spec.sslConfig.caCertificate'),
  ...certificateRows('spec.openMetadata.caCertificate'),
  ...secretRows('spec.sslConfig.clientCertificate'),
  ...secretRows('spec.sslConfig.clientKey'),
  ...secretRows('spec.auth.usernameFrom'),
  ...secretRows('spec.auth.password'),
  ...secretRows('spec.openMetadata.jwtToken'),
];

/** Bounds and choices of the plain schema, with messages of Kubernetes' own. */
export const clientBounds: readonly RuleRow[] = [
  row('should be greater than or equal to 1', 'spec.timeout', 300, 0),
  row('should be less than or equal to 100', 'spec.configMap.shards', 100, 101),
  row('should be greater than or equal to 1', 'spec.limits.concurrentDeploys', 1, 0),
  row('should be less than or equal to 600', 'spec.limits.deploysPerMinute', 600, 601),
  row('Unsupported value', 'spec.verifySSL', 'no-ssl', 'none'),
  row('Unsupported value', 'spec.delivery', 'ConfigMap', 'Volume'),
  row('Unsupported value', 'spec.type', 'Airflow', 'K8s'),
  row('Unsupported value', 'spec.openMetadata.authProvider', 'openmetadata', 'no-auth'),
  row('Unsupported value', 'spec.openMetadata.secretsManagerProvider', 'managed-aws', 'vault'),
  row('Unsupported value', 'spec.openMetadata.secretsManagerLoader', 'airflow', 'kubernetes'),
  row('Unsupported value', 'spec.openMetadata.verifySSL', 'validate', 'true'),
  row(
    'Unsupported value',
    'spec.allowedNamespaces',
    { from: 'All' },
    { from: 'Any' },
    'spec.allowedNamespaces.from',
  ),
];

function secretRows(path: string): RuleRow[] {
  return [
    row(OBJECT_NAME, `${path}.secretRef`, 'my.secret', 'My_Secret'),
    row(DATA_KEY, `${path}.secretKey`, 'tls.crt', 'tls/crt'),
  ];
}

function certificateRows(path: string): RuleRow[] {
  return [
    row('name either a Secret', path, SECRET, { ...SECRET, ...CONFIG_MAP }),
    row('secretRef goes with secretKey', path, CONFIG_MAP, { secretRef: 'a', configMapKey: 'b' }),
    row(OBJECT_NAME, path, SECRET, { ...SECRET, secretRef: 'a b' }, `${path}.secretRef`),
    row(DATA_KEY, path, SECRET, { ...SECRET, secretKey: 'a b' }, `${path}.secretKey`),
    row(OBJECT_NAME, path, CONFIG_MAP, { ...CONFIG_MAP, configMapRef: 'A' }, `${path}.configMapRef`),
    row(DATA_KEY, path, CONFIG_MAP, { ...CONFIG_MAP, configMapKey: 'a:b' }, `${path}.configMapKey`),
  ];
}
