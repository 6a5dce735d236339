export interface Counters {
  requests: number
  bytesIn: number
  bytesOut: number
  connections: number
  commits: {
    plain: number
    timed: number
    confirms: number
  }
  expiries: number
  commands: Record<string, number>
}

/** Counters at zero. */
export function zeroCounters(): Counters {
  return {
    requests: 0,
    bytesIn: 0,
    bytesOut: 0,
    connections: 0,
    commits: { plain: 0, timed: 0, confirms: 0 },
    expiries: 0,
    commands: {},
  }
}

export interface RequestRecord {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly commands: readonly string[]
  readonly kind: 'read' | 'write'
  /** The HTTP status; over SSH 0, or the code of the refusal. `lost` where the connection died without an answer. */
  readonly answer: number | 'lost'
  readonly port?: number
  readonly timer?: string
  readonly commit?: keyof Counters['commits']
}
