import { parseArgs } from 'node:util';
import { z } from 'zod';

const Port = z.coerce.number().int().min(0).max(65_535);
const Seconds = z.coerce.number().positive();
const Name = z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'must be a DNS label');

const Settings = z.object({
  /** Path of a kubeconfig; without it the pod's service account is used. */
  kubeconfig: z.string().optional(),
  /** Namespaces to serve, comma-separated; without it all of them. */
  'watch-namespaces': z
    .string()
    .transform((text) => text.split(',').filter((name) => name !== ''))
    .pipe(z.array(Name))
    .optional(),
  /** The client of pipelines that name none and have no client called `default` beside them, as namespace/name. */
  'default-client': z
    .string()
    .regex(/^[^/]+\/[^/]+$/, 'must have the form namespace/name')
    .transform((text) => {
      const [namespace = '', name = ''] = text.split('/');
      return { namespace, name };
    })
    .optional(),
  /** Tells this operator's DAGs from those of other clusters' operators on the same Airflow. */
  'owner-id': z
    .string()
    .regex(/^[\w.-]{1,40}$/, 'must be 1 to 40 letters, digits, dots, dashes or underscores')
    .default('default'),
  'lease-namespace': Name.default('default'),
  'lease-name': Name.default('openmetadata-ingestion-operator'),
  /** Metrics, liveness and readiness are served here; 0 picks a free port. */
  port: Port.default(8080),
  /** Address that the port is opened on. */
  'bind-address': z.string().default('0.0.0.0'),
  'log-level': z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** Pipelines reconciled at the same time. */
  concurrency: z.coerce.number().int().min(1).max(100).default(8),
  /** Seconds between two looks at Airflow while a run is active, and while none is. */
  'active-poll-seconds': Seconds.default(5),
  'idle-poll-seconds': Seconds.default(30),
  /** Seconds after which everything is compared again although nothing changed. */
  'resync-seconds': Seconds.default(600),
  /** Seconds for which a secret that was read is taken as current. */
  'secret-refresh-seconds': Seconds.default(60),
  /** Seconds that the scheduler may take to register a DAG after Airflow accepted it. */
  'registration-timeout-seconds': Seconds.default(600),
  /** Seconds that Airflow may take to read a document out of its mount: a kubelet's sync, a directory scan and a parse. */
  'mount-seconds': Seconds.default(420),
  /** Seconds to look for the trace of a deploy whose answer was lost before it is repeated. */
  'verification-seconds': Seconds.default(60),
  /** Seconds that an Airflow that answers again may take to show the DAGs whose files it has, before they are deployed anew. */
  'recovery-seconds': Seconds.default(60),
});

/** Everything that can be set from outside. Each name is a flag `--name` and a variable `INGESTION_OPERATOR_NAME`. */
export type Settings = z.output<typeof Settings>;

/** The settings, or a message for people that names each wrong flag and what it should be. */
export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly message: string };

/** Names of all flags. */
export const settingNames: readonly string[] = Object.keys(Settings.shape);

/** Reads flags first, then the environment, then the defaults. */
export function readSettings(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): SettingsResult {
  try {
    const flags = parseFlags(args);
    const raw = Object.fromEntries(
      settingNames
        .map((name) => [name, flags[name] ?? environment[variableOf(name)]])
        .filter(([, value]) => value !== undefined && value !== ''),
    );
    const parsed = Settings.safeParse(raw);
    return parsed.success
      ? { ok: true, settings: parsed.data }
      : { ok: false, message: describe(parsed.error) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

function parseFlags(args: readonly string[]): Readonly<Record<string, string | undefined>> {
  const options = Object.fromEntries(settingNames.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options, strict: true });
  return values;
}

function variableOf(name: string): string {
  return `INGESTION_OPERATOR_${name.toUpperCase().replaceAll('-', '_')}`;
}

function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n');
}
