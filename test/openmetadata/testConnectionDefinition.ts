const STEPS = ['CheckAccess', 'GetSchemas', 'GetTables'];

/** The steps with which an ingestion run checks a database before it reads it. */
export function testConnectionDefinition(name: string): Record<string, unknown> {
  return {
    id: '7d2f6a1e-4f0b-4c3e-9a53-2f6f0e6f7b11',
    name,
    fullyQualifiedName: name,
    steps: STEPS.map((step) => ({ name: step, description: step, mandatory: true })),
  };
}
