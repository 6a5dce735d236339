/** The formats of which there is a schema: files that people write, documents that eosflow writes, and what `--json` prints. */
export const SCHEMA_NAMES = [
  ...([
    'workflow',
    'change',
    'inventory',
    'settings',
    'fabric',
    'plan',
    'invariants',
    'policy',
    'policy-input',
  ] as const),
  ...(['gate-answer', 'test', 'catalog', 'comply', 'comply-result', 'plan-result', 'execution-result'] as const),
  ...(['executions-result', 'history-result', 'drift-result', 'check-result', 'facts-result'] as const),
  ...(['snapshot-result', 'decision-result', 'identity-result', 'inventory-result', 'error-result'] as const),
  'recording',
] as const
