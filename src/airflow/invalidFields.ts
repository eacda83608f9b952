/** What is wrong with one field of the document. */
interface FieldFault {
  /** Which of several forms that a part of the document may have this is about; undefined outside of such a part. */
  readonly form: string | undefined;
  readonly place: string;
  readonly type: string;
}

/**
 * The fields that pydantic names, to follow a word: a line with the place, then one with the type of the error; the
 * value follows after and is not taken over. Empty where none is named.
 */
export function invalidFields(text: string): string {
  const plain = text.replaceAll(/function-\w{1,10}\[\w{1,60}\(\), (\w{1,80})\]\./g, '<$1>.');
  const found = plain.matchAll(
    /^([A-Za-z][\w.<>[\]-]{0,199}(?: -> [A-Za-z]\w{0,99})*)\n\s.*[[(]type=([a-z_.]{1,60})/gm,
  );
  const faults = [...found].map(([, place = '', type = '']) => ({
    form: /<\w+>/.exec(place)?.[0],
    place: place.replace(/<\w+>\./, ''),
    type,
  }));
  return describe(faults);
}

/** The same for newer plugins, which put each of pydantic's faults into words of their own, with its place as a tuple. */
export function nestedParameters(text: string): string {
  const found = text.matchAll(
    /(Extra|Missing|Invalid) parameter (?:value )?(?:in|for) \(([^()\n]*(?:\(\)[^()\n]*)*)\)/g,
  );
  const faults = [...found].map(([, fault = '', tuple = '']) => ({
    form: /'function-\w{1,10}\[\w{1,60}\(\), (\w{1,80})\]'/.exec(tuple)?.[1],
    place: [...tuple.matchAll(/(?<=^|, )(?:'([\w-]{1,80})'|(\d{1,6}))(?=,|$)/g)]
      .map(([, key, index]) => key ?? index)
      .join('.'),
    type: fault.toLowerCase(),
  }));
  return describe(faults.filter(({ place }) => place !== ''));
}

function describe(faults: readonly FieldFault[]): string {
  const named = new Set(
    inBestForm(faults)
      .slice(0, 3)
      .map(({ place, type }) => `${place}: ${type}`),
  );
  return named.size === 0 ? '' : ` (${[...named].join('; ')})`;
}

/** It is told what is wrong with each form; the one with the fewest faults was most likely meant. */
function inBestForm(faults: readonly FieldFault[]): readonly FieldFault[] {
  const byForm = [...Map.groupBy(faults, ({ form }) => form).values()];
  return byForm.toSorted((one, other) => one.length - other.length)[0] ?? [];
}
