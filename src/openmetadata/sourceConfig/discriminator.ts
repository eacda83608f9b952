import type { JsonObject } from '../../domain/json.ts';
import { resolve, type Definitions } from './definitions.ts';
import type { Fault, Path } from './fault.ts';
import { nearest } from './nearest.ts';
import type { EnumShape, ObjectShape, Shape } from './shape.ts';

/** The objects among the branches of a choice; undefined for what is no object. */
type Forms = readonly (ObjectShape | undefined)[];

/** A key that tells the branches apart, with what each of them has there. */
export interface Discriminator {
  readonly key: string;
  readonly literals: readonly (readonly string[])[];
}

/** The key whose literals differ between all the branches. */
export function findDiscriminator(forms: Forms, definitions: Definitions): Discriminator | undefined {
  const keys = forms.flatMap((form) => Object.keys(form?.properties ?? {}));
  return [...new Set(keys)]
    .map((key) => ({ key, literals: forms.map((form) => literalsAt(form, key, definitions)) }))
    .find(
      ({ literals }) => forms.length > 1 && literals.every((own) => own.length > 0) && areDisjoint(literals),
    );
}

function literalsAt(form: ObjectShape | undefined, key: string, definitions: Definitions): readonly string[] {
  const shape = form?.properties[key];
  const member: Shape | undefined = shape && resolve(shape, definitions);
  return isEnum(member) ? member.enum : [];
}

function isEnum(shape: Shape | undefined): shape is EnumShape {
  return typeof shape === 'object' && 'enum' in shape;
}

function areDisjoint(literals: readonly (readonly string[])[]): boolean {
  const all = literals.flat();
  return new Set(all).size === all.length;
}

/** The value lacks the key, or has something there that no branch knows. */
export function discriminatorFault(
  value: JsonObject,
  { key, literals }: Discriminator,
  forms: Forms,
  path: Path,
): Fault | undefined {
  const given = value[key] ?? undefined;
  const allowed = literals.flat();
  if (typeof given === 'string') {
    return allowed.includes(given) ? undefined : { kind: 'wrongValue', path: [...path, key], given, allowed };
  }
  if (given !== undefined || !forms.every((form) => form?.required?.includes(key) === true)) {
    return undefined;
  }
  const misspelt = Object.keys(value).find(
    (other) => nearest(other, [key]) !== undefined && !isKnown(other, forms),
  );
  if (misspelt !== undefined) {
    return { kind: 'unknownKey', path: [...path, misspelt], known: [key], ignored: false };
  }
  const told = literals.filter((_, index) => isTold(value, key, forms, index)).flat();
  return { kind: 'missingKey', path: [...path, key], shape: { enum: told.length > 0 ? told : allowed } };
}

function isKnown(key: string, forms: Forms): boolean {
  return forms.some((form) => form !== undefined && Object.hasOwn(form.properties, key));
}

/** Whether the other keys of the value belong to this branch and to no other. */
function isTold(value: JsonObject, key: string, forms: Forms, index: number): boolean {
  return Object.keys(value).some((given) => {
    const owners = forms.filter((form) => form !== undefined && Object.hasOwn(form.properties, given));
    return given !== key && owners.length === 1 && owners[0] === forms[index];
  });
}

/** Whether the value names this branch, or none. */
export function isMeant(value: JsonObject, discriminator: Discriminator | undefined, index: number): boolean {
  const given = discriminator && value[discriminator.key];
  return typeof given !== 'string' || discriminator?.literals[index]?.includes(given) === true;
}
