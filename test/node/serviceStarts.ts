import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { guardPath, releasePath } from '../support/leftovers.ts';

/** What Debian's packages ask before they start their services; 101 forbids it. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Installs something whose services must not start. A policy that the machine has already is left alone. */
export async function withoutServiceStarts<T>(install: () => Promise<T>): Promise<T> {
  if (existsSync(POLICY)) return install();
  guardPath(POLICY);
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await install();
  } finally {
    rmSync(POLICY);
    releasePath(POLICY);
  }
}
