/** A directory of this machine that pods may read, though their namespace forbids them to name such directories. */
export interface HostVolume {
  readonly name: string;
  readonly path: string;
}

/** The volume, and the claim by which pods of the namespace use it. */
export function hostVolumeManifests(namespace: string, { name, path }: HostVolume): object[] {
  const volumeName = `${namespace}-${name}`;
  const common = {
    accessModes: ['ReadOnlyMany'],
    // Else the cluster would look for something to make a volume with.
    storageClassName: '',
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volumeName },
      spec: {
        ...common,
        capacity: { storage: '1Gi' },
        persistentVolumeReclaimPolicy: 'Retain',
        hostPath: { path, type: 'Directory' },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace },
      spec: { ...common, volumeName, resources: { requests: { storage: '1Gi' } } },
    },
  ];
}

/** For a pod, under the same path. */
export function volumeOf({ name }: HostVolume): object {
  return { name, persistentVolumeClaim: { claimName: name, readOnly: true } };
}

export function volumeMountOf({ name, path }: HostVolume): object {
  return { name, mountPath: path, readOnly: true };
}
