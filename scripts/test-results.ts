import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { z } from 'zod';

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

type FileResult = z.infer<typeof Report>['testResults'][number];

function read(path: string): FileResult[] {
  return Report.parse(JSON.parse(readFileSync(path, 'utf8'))).testResults;
}

function failedFiles(report: string): string {
  return read(report)
    .filter(({ status }) => status === 'failed')
    .map(({ name }) => relative('.', name))
    .join(' ');
}

/** The cases that passed and those that failed; of a file that was run again, those of the last time. */
function counts(reports: readonly string[]): string {
  const files = new Map(reports.flatMap(read).map((file) => [file.name, file]));
  const cases = [...files.values()].flatMap(({ assertionResults }) => assertionResults);
  const [passed, failed] = ['passed', 'failed'].map((status) => cases.filter((one) => one.status === status));
  return `${passed?.length} ${failed?.length}`;
}

const [command, ...reports] = process.argv.slice(2);
process.stdout.write(command === 'counts' ? counts(reports) : failedFiles(reports[0] ?? ''));
