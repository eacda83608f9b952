import type { SecretValue } from '../../domain/secretValue.ts';

/**
 * Where a document stands. A ConfigMap and a Secret of one name are sources of the same volume, so that this is one path
 * in Airflow, whichever of them holds it.
 */
export interface DocumentKey {
  readonly namespace: string;
  /** Of the ConfigMap, or of the Secret. */
  readonly name: string;
  readonly key: string;
}

/** A ConfigMap and the Secret of its name. */
export type Shard = Omit<DocumentKey, 'key'>;

/** A document as it is to stand: with its secrets only where nobody but readers of Secrets can see it. */
export type StoredDocument =
  | { readonly kind: 'ConfigMap'; readonly text: string }
  | { readonly kind: 'Secret'; readonly text: SecretValue };

/** The labels by which the operator finds its own ConfigMaps again, and people its Secrets, too. */
export const DOCUMENT_LABELS = {
  'app.kubernetes.io/managed-by': 'openmetadata-ingestion-operator',
  'app.kubernetes.io/component': 'pipeline-documents',
} as const;

export function pathOf({ namespace, name, key }: DocumentKey): string {
  return `${namespace}/${name}/${key}`;
}
