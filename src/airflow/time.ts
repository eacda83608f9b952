/** A field with a foreign time (RFC 3339 or milliseconds) in our form; no field where there is none or it is unreadable. */
export function utcTime<Field extends string>(
  field: Field,
  value: string | number | null | undefined,
): { readonly [key in Field]?: string } {
  const time = value === null || value === undefined ? Number.NaN : new Date(value).getTime();
  const fields: { [key in Field]?: string } = {};
  if (!Number.isNaN(time)) {
    Object.assign(fields, { [field]: new Date(time).toISOString() });
  }
  return fields;
}
