/** How an execution ended. `unknown` wins over everything: a person is needed. */
export type Outcome =
  | 'planned'
  | 'nothing-to-do'
  | 'succeeded'
  /** Done, with failures that the workflow tolerates: the switches that failed were put back. */
  | 'tolerated'
  | 'refused'
  | 'rolled-back'
  | 'cancelled'
  | 'failed'
  | 'unknown'
