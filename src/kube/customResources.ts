import type { PooledKubeConfig } from './kubeConfig.ts';
import { pathOfKey, slim, splitKey } from './kubeObject.ts';
import { unlessNotFound } from './parsed.ts';
import { ContentType, send } from './request.ts';

export interface CustomResourceOptions<T> {
  readonly kubeConfig: PooledKubeConfig;
  /** As `ingestion.open-metadata.org/v1alpha1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  /** Makes our object of one as received (already without managedFields). */
  parse(raw: unknown): T;
}

export interface ApplyStatusOptions {
  readonly fieldManager: string;
  /** Take over fields that another manager owns; default true, as a controller should. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/** Reads and writes of one custom kind, by key (`namespace/name`). Failures are KubeErrors. */
export interface CustomResources<T> {
  /** Straight from the API server; undefined if there is none. */
  get(key: string, signal?: AbortSignal): Promise<T | undefined>;
  /** Server-side apply of the status: fields that this manager set before and are missing now are removed. */
  applyStatus(key: string, status: object, options: ApplyStatusOptions): Promise<T>;
  /** Sets the finalizers if the object still has that version, else fails with `conflict`. */
  patchFinalizers(
    key: string,
    finalizers: readonly string[],
    resourceVersion: string,
    signal?: AbortSignal,
  ): Promise<T>;
}

export function createCustomResources<T>(options: CustomResourceOptions<T>): CustomResources<T> {
  const { kubeConfig, apiVersion, kind } = options;
  const collection = `/apis/${apiVersion}/${options.plural}`;

  function parse(raw: unknown): T {
    return options.parse(slim(raw));
  }

  return {
    async get(key, signal) {
      const raw = await unlessNotFound(
        send(kubeConfig, { method: 'GET', path: pathOfKey(collection, key), signal }),
      );
      return raw === undefined ? undefined : parse(raw);
    },

    async applyStatus(key, status, { fieldManager, force = true, signal }) {
      const raw = await send(kubeConfig, {
        method: 'PATCH',
        path: `${pathOfKey(collection, key)}/status`,
        query: { fieldManager, force: String(force) },
        contentType: ContentType.serverSideApply,
        body: { apiVersion, kind, metadata: splitKey(key), status },
        signal,
      });
      return parse(raw);
    },

    async patchFinalizers(key, finalizers, resourceVersion, signal) {
      const raw = await send(kubeConfig, {
        method: 'PATCH',
        path: pathOfKey(collection, key),
        contentType: ContentType.mergePatch,
        body: { metadata: { finalizers, resourceVersion } },
        signal,
      });
      return parse(raw);
    },
  };
}
