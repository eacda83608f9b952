/** Flags of `go build` for the executables of that version of Kubernetes. */
export function kubernetesBuildFlags(version: string): string[] {
  return [
    '-trimpath',
    '-buildvcs=false',
    '-ldflags',
    // Without a stamped version kubectl cannot parse its own, and a kubelet takes itself for too old.
    ['-s', '-w', ...versionStamps(version)].join(' '),
  ];
}

function versionStamps(version: string): string[] {
  const [major, minor] = version.replace('v', '').split('.');
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
}
