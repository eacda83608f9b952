import { freePort } from '../support/freePort.ts';
import { answerAlways, answerNever } from './answers.ts';
import type { ClientCase } from './case.ts';
import { startReverseProxy } from './reverseProxy.ts';

/** Airflow unreachable: refused, DNS, time-out. */
export const unreachableAirflow: readonly ClientCase[] = [
  {
    name: 'airflow-refused',
    situation: 'nothing listens at apiEndpoint',
    async arrange(world) {
      const port = await freePort();
      return {
        spec: { apiEndpoint: `http://127.0.0.1:${port}` },
        mend: async () => {
          await world.keep(startReverseProxy(world.airflow.url, { port }));
        },
      };
    },
    finding: {
      type: 'Reachable',
      status: 'False',
      reason: 'ConnectionRefused',
      message: /it was refused\. Check host and port of apiEndpoint/,
    },
  },
  {
    name: 'airflow-unknown-host',
    situation: 'the host name of apiEndpoint has no address',
    arrange: () => ({ spec: { apiEndpoint: 'http://airflow.invalid:8080' } }),
    finding: {
      type: 'Reachable',
      status: 'False',
      reason: 'DNSFailed',
      message: /cannot be resolved\. Check the name in apiEndpoint.*<service>\.<namespace>/,
    },
  },
  {
    name: 'airflow-silent',
    situation: 'what listens at apiEndpoint never answers',
    arrange: async (world) => ({
      spec: { apiEndpoint: (await world.keep(answerNever())).url, timeout: 1 },
    }),
    finding: {
      type: 'Reachable',
      status: 'False',
      reason: 'Timeout',
      message: /did not answer within 1 s.*healthy and reachable, or raise timeout/,
    },
  },
  {
    name: 'airflow-in-trouble',
    situation: 'a proxy before Airflow answers 502 with a page',
    arrange: async (world) => ({
      spec: {
        apiEndpoint: (await world.keep(answerAlways({ status: 502, body: '<h1>Bad Gateway</h1>' }))).url,
      },
    }),
    finding: {
      type: 'Reachable',
      status: 'False',
      reason: 'ServerError',
      message: /it, or a proxy before it, answered 502/,
    },
  },
];
