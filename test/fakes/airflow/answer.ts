import type { Profile } from './profile.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One call, read completely. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function json(status: number, value: unknown): Answer {
  return { status, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}

export function html(status: number, text: string): Answer {
  const body = `<!doctype html>\n<html lang=en>\n<title>${status}</title>\n<p>${text}</p>\n`;
  return { status, body, headers: { 'content-type': 'text/html; charset=utf-8' } };
}

/** An error of Airflow 2 itself. */
export function problem(status: number, title: string, detail: string | null = null): Answer {
  const body = JSON.stringify({ detail, status, title, type: 'about:blank' });
  return { status, body, headers: { 'content-type': 'application/problem+json' } };
}

/** An error of Airflow itself, in the words of its major version. */
export function airflowError(profile: Profile, status: number, title: string): Answer {
  return profile.major === 2 ? problem(status, title) : json(status, { detail: title });
}

/** A 5xx of the plugin: newer ones say nothing about it. */
export function pluginFailure(profile: Profile, text: string): Answer {
  return json(500, { error: profile.masked ? 'An unexpected problem occurred' : text });
}

export function dagNotFound(dagId: string): Answer {
  return json(404, { error: `DAG ${dagId} not found.` });
}
