import { describe, expect, it } from 'vitest';
import type { IngestionPipelineSpec } from '../api/ingestionPipeline.ts';
import { MAX_SOURCE_CONFIG_BYTES, sourceConfigBytes } from '../api/sourceConfigSize.ts';
import { PlaceholderValue } from './placeholderValue.ts';
import { SecretValue } from './secretValue.ts';
import { findDollarFault, findSpecFault } from './validation.ts';

const valid: IngestionPipelineSpec = {
  pipelineType: 'metadata',
  service: { type: 'databaseService', name: 'mysql' },
  sourceConfig: { config: {} },
};
const frame = sourceConfigBytes({ config: { a: '' } });

describe('a specification', () => {
  it.each<[string, Partial<IngestionPipelineSpec>]>([
    ['without schedule', {}],
    ['with a schedule', { airflowConfig: { scheduleInterval: '*/5 * * * *' } }],
    ['with a preset', { airflowConfig: { scheduleInterval: '@weekly' } }],
    ['with the right type of source', { sourceConfig: { config: { type: 'DatabaseMetadata' } } }],
    [
      'of a kind without a known type, which it names',
      { service: { type: 'llmService', name: 'a' }, sourceConfig: { config: { type: 'X' } } },
    ],
    [
      'that is as large as allowed',
      { sourceConfig: { config: { a: 'x'.repeat(MAX_SOURCE_CONFIG_BYTES - frame) } } },
    ],
  ])('is well %s', (_, changes) => {
    expect(findSpecFault({ ...valid, ...changes })).toBeUndefined();
  });

  it.each<[string, Partial<IngestionPipelineSpec>, string, string]>([
    [
      'a schedule out of range',
      { airflowConfig: { scheduleInterval: '61 * * * *' } },
      'InvalidSpec',
      'scheduleInterval',
    ],
    [
      'words for a schedule',
      { airflowConfig: { scheduleInterval: 'every day' } },
      'InvalidSpec',
      '0 3 * * *',
    ],
    [
      'one byte too many',
      { sourceConfig: { config: { a: 'x'.repeat(MAX_SOURCE_CONFIG_BYTES - frame + 1) } } },
      'InvalidSpec',
      `has ${MAX_SOURCE_CONFIG_BYTES + 1} bytes`,
    ],
    [
      'a type that does not fit',
      { sourceConfig: { config: { type: 'Profiler' } } },
      'InvalidSourceConfig',
      'needs DatabaseMetadata',
    ],
    [
      'no type, where it cannot be told',
      { service: { type: 'llmService', name: 'a' } },
      'InvalidSourceConfig',
      'set it',
    ],
  ])('is at fault with %s', (_, changes, reason, hint) => {
    const fault = findSpecFault({ ...valid, ...changes });

    expect(fault?.reason).toBe(reason);
    expect(fault?.message).toContain(hint);
  });

  it('is told its faults one after the other, in one order', () => {
    const sourceConfig = { config: { type: 'Profiler', a: 'x'.repeat(MAX_SOURCE_CONFIG_BYTES) } };
    const airflowConfig = { scheduleInterval: 'never' };

    expect(findSpecFault({ ...valid, sourceConfig, airflowConfig })?.message).toContain('scheduleInterval');
    expect(findSpecFault({ ...valid, sourceConfig })?.message).toContain('bytes');
  });
});

describe('a dollar sign in a document', () => {
  it.each([
    ['a text', { a: { b: ['x', 'in $HOME'] } }, 'a.b[1]'],
    ['a secret', { a: new SecretValue('pa$word') }, 'a'],
    ['a name', { a: { $HOME: 1 } }, 'a.$HOME'],
  ])('is at fault in %s that Airflow would expand, and shows the place only', (_, document, path) => {
    const fault = findDollarFault(document);

    expect(fault?.reason).toBe('DollarInValue');
    expect(fault?.message.startsWith(`${path} holds a dollar sign`)).toBe(true);
    expect(fault?.message).not.toContain('word');
  });

  it.each([
    ['an expression', { a: '^orders$' }],
    ['a price', { a: '$5' }],
    ['a placeholder that was asked for', { a: new PlaceholderValue('HOME') }],
  ])('is well in %s', (_, document) => {
    expect(findDollarFault(document)).toBeUndefined();
  });
});
