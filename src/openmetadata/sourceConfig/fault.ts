import type { JsonValue } from '../../domain/json.ts';
import type { Shape } from './shape.ts';

/** Keys and positions from spec.sourceConfig down. */
export type Path = readonly (string | number)[];

/** What is wrong at one place, before it is put into words. */
export type Fault =
  | {
      readonly kind: 'unknownKey';
      readonly path: Path;
      readonly known: readonly string[];
      /** OpenMetadata accepts the document and does nothing with the key. */
      readonly ignored: boolean;
    }
  | { readonly kind: 'missingKey'; readonly path: Path; readonly shape: Shape }
  | { readonly kind: 'wrongType'; readonly path: Path; readonly shape: Shape; readonly given: JsonValue }
  | {
      readonly kind: 'wrongValue';
      readonly path: Path;
      readonly given: string;
      readonly allowed: readonly string[];
    }
  | { readonly kind: 'outOfBounds'; readonly path: Path; readonly message: string; readonly remedy: string };

/** Whether OpenMetadata accepts the document in spite of this. */
export function isIgnored(fault: Fault): boolean {
  return fault.kind === 'unknownKey' && fault.ignored;
}

/** A JSON pointer, such as `/config/tableFilterPattern/includes/0`. */
export function pointerTo(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
