import { isJsonObject, type JsonValue } from '../../domain/json.ts';
import { resolve, type Definitions } from './definitions.ts';
import { isIgnored, type Fault, type Path } from './fault.ts';
import { admittedKinds, kindOf } from './kinds.ts';
import { discriminatorFault, findDiscriminator, isMeant } from './discriminator.ts';
import { nearest } from './nearest.ts';
import type { ChoiceShape, ObjectShape, Shape } from './shape.ts';

type Check = (value: JsonValue, shape: Shape, path: Path, definitions: Definitions) => Fault[];

/** An unknown key tells more against a branch than anything else, a little less where it looks misspelt. */
const FOREIGN_KEY = 3;
const MISSPELT_KEY = 1.5;
/** Branches differ long before this. */
const MOST_COUNTED = 20;

/**
 * The faults of one branch only: the one that the value was most likely meant for. A value that fits one branch fits the
 * choice, and a value that fits none would otherwise be measured by all of them.
 */
export function checkChoice(
  value: JsonValue,
  choice: ChoiceShape,
  path: Path,
  definitions: Definitions,
  check: Check,
): Fault[] {
  const kind = kindOf(value);
  const branches = choice.anyOf.filter((branch) => admittedKinds(branch, definitions).includes(kind));
  if (!isJsonObject(value)) {
    return cheapest(branches.map((branch) => check(value, branch, path, definitions)));
  }
  const forms = branches.map((branch) => objectForm(branch, definitions));
  const discriminator = findDiscriminator(forms, definitions);
  const fault = discriminator && discriminatorFault(value, discriminator, forms, path);
  if (fault !== undefined) return [fault];
  const meant = branches.filter((_, index) => isMeant(value, discriminator, index));
  return cheapest(meant.map((branch) => check(value, branch, path, definitions)));
}

function objectForm(branch: Shape, definitions: Definitions): ObjectShape | undefined {
  const form = resolve(branch, definitions);
  return typeof form === 'object' && 'properties' in form ? form : undefined;
}

function cheapest(candidates: readonly Fault[][]): Fault[] {
  const accepting = candidates.filter((faults) => faults.every(isIgnored));
  const eligible = accepting.length > 0 ? accepting : candidates;
  return eligible.toSorted((left, right) => cost(left) - cost(right))[0] ?? [];
}

function cost(faults: readonly Fault[]): number {
  const counted = faults.slice(0, MOST_COUNTED).reduce((sum, fault) => sum + costOf(fault), 0);
  return counted + Math.max(0, faults.length - MOST_COUNTED);
}

function costOf(fault: Fault): number {
  if (fault.kind !== 'unknownKey') return 1;
  if (fault.ignored) return 0.01;
  return nearest(String(fault.path.at(-1)), fault.known) === undefined ? FOREIGN_KEY : MISSPELT_KEY;
}
