export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path such as `spec.versions.0.schema`. */
export function memberAt(node: unknown, path: string): unknown {
  return path.split('.').reduce(member, node);
}

/** A copy with another value at a path; objects on the way are made. */
export function withMember(node: unknown, path: string, value: unknown): unknown {
  return changed(node, path.split('.'), value);
}

function member(node: unknown, key: string): unknown {
  if (Array.isArray(node)) {
    return node[Number(key)];
  }
  return isObject(node) ? node[key] : undefined;
}

function changed(node: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) {
    return value;
  }
  const inner = changed(member(node, step), rest, value);
  if (Array.isArray(node)) {
    return node.with(Number(step), inner);
  }
  return { ...(isObject(node) ? node : {}), [step]: inner };
}
