import { createSecretKeys } from '../kube/secretKeys.ts';
import { createSecretReader } from '../kube/secrets.ts';
import { createDocumentStore, type DocumentStore } from '../reconcilers/shared/documentStore.ts';
import { createSecretShards } from '../reconcilers/shared/secretShards.ts';
import type { OperatorOptions } from './options.ts';
import type { World } from './world.ts';

/** The pipelines' documents, in the cluster. */
export function documentsOf(
  { kubeConfig, clock }: OperatorOptions,
  { configMapShards }: World,
): DocumentStore {
  return createDocumentStore(
    configMapShards,
    createSecretShards(createSecretReader(kubeConfig), createSecretKeys(kubeConfig), clock),
  );
}
