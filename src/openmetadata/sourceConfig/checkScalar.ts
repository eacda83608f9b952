import type { JsonValue } from '../../domain/json.ts';
import type { Fault, Path } from './fault.ts';
import type { EnumShape, NumberShape, TextShape } from './shape.ts';

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** Of a value that is known to be text; unknown content, such as that of a Secret, passes. */
export function checkText(
  value: JsonValue,
  shape: 'string' | 'secret' | 'uri' | 'uuid' | TextShape,
  path: Path,
): Fault[] {
  if (typeof value !== 'string') return [];
  const limits: TextShape = typeof shape === 'object' ? shape : { type: 'string' };
  if (value.length < (limits.minLength ?? 0)) {
    return bounds(path, `has ${value.length} characters`, `give at least ${limits.minLength}`);
  }
  if (value.length > (limits.maxLength ?? Infinity)) {
    return bounds(path, `has ${value.length} characters`, `give at most ${limits.maxLength}`);
  }
  if (limits.pattern !== undefined && !new RegExp(limits.pattern, 'u').test(value)) {
    return bounds(path, 'holds characters that are not allowed', `match ${limits.pattern}`);
  }
  if (shape === 'uri' && !URL.canParse(value)) {
    return bounds(path, 'is no address', 'give a complete one, such as https://host/path');
  }
  return shape === 'uuid' && !UUID.test(value)
    ? bounds(path, 'is no UUID', 'give 32 hexadecimal digits')
    : [];
}

export function checkNumber(value: number, { minimum, maximum }: NumberShape, path: Path): Fault[] {
  if (minimum !== undefined && value < minimum) {
    return bounds(path, `${value} is too small`, `give at least ${minimum}`);
  }
  return maximum !== undefined && value > maximum
    ? bounds(path, `${value} is too large`, `give at most ${maximum}`)
    : [];
}

export function checkEnum(value: JsonValue, shape: EnumShape, path: Path): Fault[] {
  return typeof value !== 'string' || shape.enum.includes(value)
    ? []
    : [{ kind: 'wrongValue', path, given: value, allowed: shape.enum }];
}

function bounds(path: Path, message: string, remedy: string): Fault[] {
  return [{ kind: 'outOfBounds', path, message, remedy }];
}
