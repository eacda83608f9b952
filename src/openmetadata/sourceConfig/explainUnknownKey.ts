import { pointerTo, type Fault } from './fault.ts';
import type { Finding } from './finding.ts';
import {
  hasKeyNow,
  otherPlace,
  otherServices,
  otherTypes,
  otherVariants,
  otherVersions,
} from './keyFacts.ts';
import { nearest } from './nearest.ts';
import type { Setting, VersionSchema } from './setting.ts';
import { listed } from './words.ts';

type UnknownKey = Extract<Fault, { kind: 'unknownKey' }>;

/** Tells what is known about a key: the key that was meant, or where else it is one. */
export function explainUnknownKey(
  fault: UnknownKey,
  setting: Setting,
  versions: readonly VersionSchema[],
): Finding {
  const { path, known, ignored } = fault;
  const near = nearest(String(path.at(-1)), known);
  const place = otherVariants(path, setting) ?? otherServices(path, setting) ?? otherPlace(path, setting);
  const history = hasKeyNow(path, setting) ? undefined : otherVersions(path, setting, versions);
  const isGuess = place === undefined && history === undefined;
  const facts = [history, place ?? otherTypes(path, setting)].filter((fact) => fact !== undefined);
  return {
    kind: fault.kind,
    severity: ignored || (setting.isOutdated && isGuess && near === undefined) ? 'warning' : 'error',
    pointer: pointerTo(path),
    message: ignored ? 'unknown key, which OpenMetadata ignores' : 'unknown key',
    remedy: isGuess && near !== undefined ? `did you mean ${near}?` : remedyOf(facts, known),
  };
}

function remedyOf(facts: readonly string[], known: readonly string[]): string {
  if (facts.length > 0) return facts.join(', ');
  return known.length === 0 ? 'remove it' : `known here: ${listed(known)}`;
}
