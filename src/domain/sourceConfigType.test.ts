import { describe, expect, it } from 'vitest';
import { pipelineTypes, serviceTypes } from '../api/pipelineType.ts';
import { sourceConfigType } from './sourceConfigType.ts';

describe('the type of a source configuration', () => {
  it.each([
    ['metadata', 'databaseService', 'DatabaseMetadata'],
    ['metadata', 'dashboardService', 'DashboardMetadata'],
    ['metadata', 'searchService', 'SearchMetadata'],
    ['metadata', 'mlmodelService', 'MlModelMetadata'],
    ['usage', 'databaseService', 'DatabaseUsage'],
    ['profiler', 'databaseService', 'Profiler'],
    ['dbt', 'databaseService', 'DBT'],
    ['TestSuite', 'testSuite', 'TestSuite'],
    ['dataInsight', 'metadataService', 'dataInsight'],
    ['metadata', 'llmService', undefined],
    ['metadata', 'testSuite', undefined],
  ] as const)('of %s for a %s is %s', (pipelineType, serviceType, expected) => {
    expect(sourceConfigType(pipelineType, serviceType)).toBe(expected);
  });

  it('is known for every pipeline but some of metadata, whatever the service', () => {
    for (const pipelineType of pipelineTypes.filter((type) => type !== 'metadata')) {
      for (const serviceType of serviceTypes) {
        expect(sourceConfigType(pipelineType, serviceType)).toBeDefined();
      }
    }
  });
});
