import { isDeepStrictEqual } from 'node:util';

/** Whether writing this status would change anything; members that are undefined do not count. */
export function statusDiffers(before: object | undefined, after: object): boolean {
  return !isDeepStrictEqual(plain(before ?? {}), plain(after));
}

function plain(status: object): unknown {
  return JSON.parse(JSON.stringify(status));
}
