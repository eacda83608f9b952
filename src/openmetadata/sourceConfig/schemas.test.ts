import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkValue } from './checkValue.ts';
import { resolve } from './definitions.ts';
import { createSchemaLibrary, knownVersions } from './schemaLibrary.ts';
import type { Shape } from './shape.ts';
import { sample } from './testing/sample.ts';

const DIRECTORY = join(import.meta.dirname, 'schemas');
const MAX_BYTES = 40_000;
/** Names, literals and patterns are shorter than any sentence. */
const MAX_TEXT = 80;

const library = createSchemaLibrary();

describe('the schemas', () => {
  it('are those of the known versions', () => {
    const files = readdirSync(DIRECTORY).map((name) => name.replace('.json', ''));

    expect(files.toSorted()).toEqual([...knownVersions].toSorted());
  });

  it.each(knownVersions)('of %s are small, and hold no sentences', (version) => {
    const file = join(DIRECTORY, `${version}.json`);
    const texts = readFileSync(file, 'utf8').match(/"(?:[^"\\]|\\.)*"/g) ?? [];

    expect(statSync(file).size).toBeLessThan(MAX_BYTES);
    expect(texts.filter((text) => text.length > MAX_TEXT || /\w \w/.test(text))).toEqual([]);
  });

  it.each(knownVersions)('of %s define all that they refer to and require', async (version) => {
    const { definitions, sourceConfigs } = await library.load(version);
    const forms = [...Object.values(definitions), ...Object.values(sourceConfigs).flatMap(Object.values)];

    const undefinedKeys = forms.flatMap((form) =>
      undefinedKeysOf(form, (shape) => resolve(shape, definitions)),
    );

    expect(undefinedKeys).toEqual([]);
  });

  it.each(knownVersions)(
    'of %s take for each type what it requires, and everything at once',
    async (version) => {
      const { definitions, sourceConfigs } = await library.load(version);
      const forms: Shape[] = Object.values(sourceConfigs).flatMap((services) => Object.values(services));

      const faults = forms.flatMap((form) =>
        [false, true].flatMap((isFull) =>
          checkValue(sample(form, definitions, isFull), form, [], definitions),
        ),
      );

      expect(forms.length).toBeGreaterThanOrEqual(15);
      expect(faults).toEqual([]);
    },
  );
});

/** Required keys that an object does not have. Resolving throws where a definition is missing. */
function undefinedKeysOf(shape: Shape, follow: (shape: Shape) => Shape): string[] {
  const form = follow(shape);
  if (typeof form === 'string') return [];
  if ('anyOf' in form) return form.anyOf.flatMap((branch) => undefinedKeysOf(branch, follow));
  if ('items' in form) return undefinedKeysOf(form.items, follow);
  if ('values' in form) return undefinedKeysOf(form.values, follow);
  if (!('properties' in form)) return [];
  const missing = (form.required ?? []).filter((key) => !Object.hasOwn(form.properties, key));
  return [...missing, ...Object.values(form.properties).flatMap((member) => undefinedKeysOf(member, follow))];
}
