import { createHash } from 'node:crypto';

/** Namespace of this project's name-based UUIDs: any fixed value will do, as long as it never changes. */
const PROJECT_NAMESPACE = '6f1c54a2-60ab-5d0f-9c3b-5d6d0f2f2a77';

/** A name-based UUID (RFC 9562, version 5): the same name gives the same id, also after a restart. */
export function uuidOf(name: string): string {
  const namespace = Buffer.from(PROJECT_NAMESPACE.replaceAll('-', ''), 'hex');
  const digest = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
