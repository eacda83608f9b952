/**
 * The fields that pydantic names, to follow a word: a line with the place, then one with the type of the error; the
 * value follows after and is not taken over. Empty where none is named.
 */
export function invalidFields(text: string): string {
  const faults = [
    ...text
      .replaceAll(variantMark, '<$1>.')
      .matchAll(/^([A-Za-z][\w.<>[\]-]{0,199}(?: -> [A-Za-z]\w{0,99})*)\n\s.*[[(]type=([a-z_.]{1,60})/gm),
  ].map(([, place = '', type = '']) => ({ variant: /<\w+>/.exec(place)?.[0], place, type }));
  const named = new Set(
    inBestVariant(faults)
      .slice(0, 3)
      .map(({ place, type }) => `${place.replace(/<\w+>\./, '')}: ${type}`),
  );
  return named.size === 0 ? '' : ` (${[...named].join('; ')})`;
}

/** How pydantic names one of several forms that a value may have. */
const variantMark = /function-\w{1,10}\[\w{1,60}\(\), (\w{1,80})\]\./g;

/** It tells what is wrong with each form; the one with the fewest faults was most likely meant. */
function inBestVariant<Fault extends { readonly variant: string | undefined }>(
  faults: readonly Fault[],
): readonly Fault[] {
  const byVariant = [...Map.groupBy(faults, ({ variant }) => variant).values()];
  return byVariant.toSorted((one, other) => one.length - other.length)[0] ?? [];
}
