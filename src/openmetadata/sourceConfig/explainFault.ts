import { admittedKinds, type Kind } from './kinds.ts';
import { explainUnknownKey } from './explainUnknownKey.ts';
import { pointerTo, type Fault } from './fault.ts';
import type { Finding } from './finding.ts';
import { nearest } from './nearest.ts';
import type { Setting, VersionSchema } from './setting.ts';
import { expectedOf, kindWords, listed } from './words.ts';

type WrongType = Extract<Fault, { kind: 'wrongType' }>;
type WrongValue = Extract<Fault, { kind: 'wrongValue' }>;

const MOST_QUOTED = 40;

/** Puts a fault into words. */
export function explainFault(fault: Fault, setting: Setting, versions: readonly VersionSchema[]): Finding {
  if (fault.kind === 'unknownKey') {
    return explainUnknownKey(fault, setting, versions);
  }
  const isUncertain = fault.kind === 'wrongValue' && setting.isOutdated && nearestValue(fault) === undefined;
  return {
    kind: fault.kind,
    severity: isUncertain ? 'warning' : 'error',
    pointer: pointerTo(fault.path),
    ...wordsFor(fault, setting),
  };
}

function wordsFor(
  fault: Exclude<Fault, { kind: 'unknownKey' }>,
  { schema: { definitions } }: Setting,
): Pick<Finding, 'message' | 'remedy'> {
  switch (fault.kind) {
    case 'missingKey':
      return { message: 'required key is missing', remedy: `give ${expectedOf(fault.shape, definitions)}` };
    case 'outOfBounds':
      return { message: fault.message, remedy: fault.remedy };
    case 'wrongValue':
      return { message: `${quoted(fault.given)} is not one of its values`, remedy: valueRemedy(fault) };
    case 'wrongType':
      return {
        message: `is ${kindWords(fault.given)}`,
        remedy:
          typeRemedy(fault, admittedKinds(fault.shape, definitions)) ??
          `give ${expectedOf(fault.shape, definitions)}`,
      };
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text);
}

function nearestValue({ given, allowed }: WrongValue): string | undefined {
  return nearest(given, allowed);
}

function valueRemedy(fault: WrongValue): string {
  const near = nearestValue(fault);
  return near === undefined ? `give ${listed(fault.allowed)}` : `did you mean ${quoted(near)}?`;
}

/** The commonest slip is a number or boolean in quotes, or a text without them. */
function typeRemedy({ given, shape }: WrongType, kinds: readonly Kind[]): string | undefined {
  if (typeof given === 'string') {
    const bare = given.trim();
    if (kinds.includes('number') && isNumber(bare)) return `write ${bare} without quotes`;
    if (kinds.includes('boolean') && /^(?:true|false)$/i.test(bare)) {
      return `write ${bare.toLowerCase()} without quotes`;
    }
    return kinds.includes('list') ? 'make it a list with this item' : undefined;
  }
  if ((typeof given !== 'number' && typeof given !== 'boolean') || !kinds.includes('text')) return undefined;
  return shape === 'secret' ? 'write it in quotes' : `write "${given}", in quotes`;
}

function isNumber(text: string): boolean {
  return /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(text);
}
