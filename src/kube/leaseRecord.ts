import { z } from 'zod';
import type { PooledKubeConfig } from './kubeConfig.ts';
import { microTime } from './microTime.ts';
import { parsed, unlessNotFound } from './parsed.ts';
import { ContentType, type KubeRequest, send } from './request.ts';

const RawLease = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  spec: z
    .object({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.number().nullish(),
      leaseTransitions: z.number().nullish(),
    })
    .nullish(),
});

export interface LeaseRecord {
  readonly resourceVersion: string;
  /** Empty when nobody holds it. */
  readonly holder: string;
  /** Milliseconds for which it is to be respected after a renewal. */
  readonly duration: number;
  readonly transitions: number;
}

/** What to write; moments are milliseconds since 1970. */
export interface LeaseClaim {
  readonly holder: string;
  readonly duration: number;
  readonly renewedAt: number;
  readonly acquiredAt?: number;
  readonly transitions?: number;
}

/** One Lease object. Every call is cut after `deadline` milliseconds; failures are KubeErrors. */
export interface LeaseStore {
  read(): Promise<LeaseRecord | undefined>;
  /** Fails with `alreadyExists` if somebody else made it. */
  create(claim: LeaseClaim): Promise<LeaseRecord>;
  /** Fails with `conflict` if it no longer has that version. */
  update(resourceVersion: string, claim: LeaseClaim): Promise<LeaseRecord>;
}

export function createLeaseStore(
  kubeConfig: PooledKubeConfig,
  { namespace, name, deadline }: { namespace: string; name: string; deadline: number },
): LeaseStore {
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
  const path = `${collection}/${encodeURIComponent(name)}`;

  async function call(request: KubeRequest): Promise<LeaseRecord> {
    const raw = await send(kubeConfig, { ...request, deadline });
    const { metadata, spec } = parsed(RawLease, raw, `${request.method} ${request.path}`);
    return {
      resourceVersion: metadata.resourceVersion,
      holder: spec?.holderIdentity ?? '',
      duration: (spec?.leaseDurationSeconds ?? 0) * 1_000,
      transitions: spec?.leaseTransitions ?? 0,
    };
  }

  return {
    read: () => unlessNotFound(call({ method: 'GET', path })),

    create: (claim) =>
      call({
        method: 'POST',
        path: collection,
        body: {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name, namespace },
          spec: specOf(claim),
        },
      }),

    update: (resourceVersion, claim) =>
      call({
        method: 'PATCH',
        path,
        contentType: ContentType.mergePatch,
        body: { metadata: { resourceVersion }, spec: specOf(claim) },
      }),
  };
}

function specOf({ holder, duration, renewedAt, acquiredAt, transitions }: LeaseClaim): object {
  return {
    holderIdentity: holder,
    leaseDurationSeconds: Math.ceil(duration / 1_000),
    renewTime: microTime(renewedAt),
    ...(acquiredAt !== undefined && { acquireTime: microTime(acquiredAt) }),
    ...(transitions !== undefined && { leaseTransitions: transitions }),
  };
}
