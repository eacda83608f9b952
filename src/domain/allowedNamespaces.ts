import type { AllowedNamespaces, LabelSelector } from '../api/allowedNamespaces.ts';

export interface Namespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Whether pipelines of a namespace may use a client. */
export function isNamespaceAllowed(
  allowed: AllowedNamespaces | undefined,
  clientNamespace: string,
  namespace: Namespace,
): boolean {
  if (namespace.name === clientNamespace) {
    return true;
  }
  const from = allowed?.from ?? 'Same';
  switch (from) {
    case 'Same':
      return false;
    case 'All':
      return true;
    case 'Selector':
      return allowed?.selector !== undefined && matches(allowed.selector, namespace.labels);
    default:
      return from satisfies never;
  }
}

function matches(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return equal && (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels));
}

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

function meets(requirement: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[requirement.key];
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return requirement.operator satisfies never;
  }
}
