/** Stand-ins for the kinds of the Prometheus Operator: the fields that the chart uses, so that a misspelt one is refused. */
export const MONITORING: readonly object[] = [
  definition('ServiceMonitor', 'servicemonitors', {
    selector: object({ matchLabels: texts() }),
    endpoints: list({
      port: text(),
      path: text(),
      interval: text('^([0-9]+(ms|s|m|h))+$'),
      scrapeTimeout: text('^([0-9]+(ms|s|m|h))+$'),
      relabelings: list(relabeling()),
      metricRelabelings: list(relabeling()),
    }),
  }),
  definition('PrometheusRule', 'prometheusrules', {
    groups: list({
      name: text(),
      rules: list({
        alert: text(),
        expr: text(),
        for: text('^([0-9]+(ms|s|m|h))+$'),
        labels: texts(),
        annotations: texts(),
      }),
    }),
  }),
];

type Properties = Readonly<Record<string, object>>;

function definition(kind: string, plural: string, spec: Properties): object {
  const group = 'monitoring.coreos.com';
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: object({ spec: object(spec) }) },
        },
      ],
    },
  };
}

function relabeling(): Properties {
  return {
    action: text(),
    regex: text(),
    sourceLabels: { type: 'array', items: text() },
    targetLabel: text(),
    replacement: text(),
  };
}

function object(properties: Properties): object {
  return { type: 'object', properties };
}

function list(properties: Properties): object {
  return { type: 'array', items: object(properties) };
}

function text(pattern?: string): object {
  return { type: 'string', pattern };
}

function texts(): object {
  return { type: 'object', additionalProperties: { type: 'string' } };
}
