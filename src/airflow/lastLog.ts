import { z } from 'zod';
import type { HttpAnswer } from '../http/httpClient.ts';
import { pluginErrorText } from './classify.ts';
import type { PluginCalls } from './pluginCall.ts';
import { unexpected } from './unexpected.ts';

const longestText = 256 * 1024;

const LogAnswer = z.record(z.string(), z.unknown());
const Total = z.coerce.number().catch(1);

/** The end of the newest run's log of a task: its last chunk, and of that the last 256 Ki characters. */
export async function readLastLog(
  plugin: PluginCalls,
  root: string,
  dagId: string,
  taskId: string,
  signal: AbortSignal,
): Promise<string> {
  async function chunk(after: number | undefined): Promise<{ text: string; total: number }> {
    const query = `dag_id=${encodeURIComponent(dagId)}&task_id=${encodeURIComponent(taskId)}`;
    const operation = `last_dag_logs?${query}${after === undefined ? '' : `&after=${after}`}`;
    const answer = await plugin.call(
      { verb: 'lastLog', method: 'GET', operation, accepts: hasNoLog },
      signal,
    );
    const parsed = LogAnswer.safeParse(answer ?? {});
    if (!parsed.success) {
      throw unexpected('lastLog', root);
    }
    const text = parsed.data[taskId];
    return { text: typeof text === 'string' ? text : '', total: Total.parse(parsed.data['total'] ?? 1) };
  }

  const first = await chunk(undefined);
  const last = first.total > 1 ? await chunk(first.total - 1) : first;
  return last.text.slice(-longestText);
}

/** No run, no task instance, or a log still empty. */
function hasNoLog(answer: HttpAnswer): boolean {
  const text = pluginErrorText(answer) ?? '';
  return (
    (answer.status === 404 && /No DAG run found|Cannot find any task instance/.test(text)) ||
    (answer.status === 400 && /out of bounds/.test(text))
  );
}
