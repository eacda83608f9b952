import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readMark } from '../../domain/mark.ts';

/** What is kept in memory of a document: no text, only what tells whether it has to be written, and whose it is. */
export interface DocumentFacts {
  readonly hash: string;
  readonly bytes: number;
  /** The pipeline (`namespace/name`) that its mark names; undefined for anything but a document of ours. */
  readonly owner: string | undefined;
}

const Described = z.object({ description: z.string() });

export function factsOf(key: string, text: string): DocumentFacts {
  return {
    hash: createHash('sha256').update(text).digest('base64'),
    bytes: Buffer.byteLength(text),
    owner: key.endsWith('.json') ? ownerOf(text) : undefined,
  };
}

function ownerOf(text: string): string | undefined {
  const described = Described.safeParse(parsedOrNothing(text));
  const owner = described.success ? readMark(described.data.description)?.owner : undefined;
  return owner && `${owner.namespace}/${owner.name}`;
}

function parsedOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
