/** An answer of the stand-in, always JSON. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export function ok(body: unknown = {}): Reply {
  return { status: 200, body };
}

export function failure(status: number, message: string): Reply {
  return { status, body: { code: status, message } };
}
