/**
 * Whether one resourceVersion is newer than another of the same resource. They are decimal numbers of any length;
 * should they ever be something else, any other version counts as newer.
 */
export function isNewerVersion(version: string, than: string): boolean {
  if (!isDecimal(version) || !isDecimal(than)) {
    return version !== than;
  }
  return version.length === than.length ? version > than : version.length > than.length;
}

function isDecimal(text: string): boolean {
  return /^[1-9][0-9]*$/.test(text);
}
