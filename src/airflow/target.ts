/** The address of one Airflow, taken apart once. */
export interface Target {
  /** Without credentials, query, and a plugin path that may have been copied along; no slash at the end. */
  readonly root: string;
  readonly origin: string;
}

const pluginPath = /\/(pluginsv2\/api\/v2|api\/v2|api\/v1)\/openmetadata$/;

/** Takes an address apart; any other path of it is kept, for Airflows below a path. */
export function parseTarget(endpoint: string): Target {
  const url = new URL(endpoint);
  const path = url.pathname.replace(/\/+$/, '').replace(pluginPath, '');
  return { root: `${url.origin}${path}`, origin: url.origin };
}
