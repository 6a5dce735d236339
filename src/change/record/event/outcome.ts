/** `tolerated`: done, with failures that the workflow tolerates; the switches that failed were put back. `unknown` wins over everything: a person is needed. */
export const OUTCOMES = [
  'planned',
  'nothing-to-do',
  'succeeded',
  'tolerated',
  'refused',
  'rolled-back',
  'cancelled',
  'failed',
  'unknown',
] as const

export type Outcome = (typeof OUTCOMES)[number]
