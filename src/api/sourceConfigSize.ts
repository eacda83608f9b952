import type { SourceConfig } from './sourceConfig.ts';

export const MAX_SOURCE_CONFIG_BYTES = 256 * 1024;

/**
 * Size of a source configuration as JSON, in bytes. The API server cannot measure it: CEL sees the top-level keys of an
 * object with unknown fields, and none of their values.
 */
export function sourceConfigBytes(sourceConfig: SourceConfig): number {
  return Buffer.byteLength(JSON.stringify(sourceConfig));
}
