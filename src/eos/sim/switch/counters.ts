/** What a switch has seen, for tests and `sim status`. */
export interface Counters {
  requests: number
  bytesIn: number
  bytesOut: number
  connections: number
  commits: {
    /** Commits without a timer. */
    plain: number
    /** Commits under a timer. */
    timed: number
    /** Second commits that kept an armed session. */
    confirms: number
  }
  /** Rollbacks by the timer itself. */
  expiries: number
  /** Commands by their first word. */
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

/** One request as the switch saw it, in the order of arrival. A line typed over SSH is a request of its own. */
export interface RequestRecord {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The HTTP method, or `SSH`. */
  readonly method: string
  /** The path of the URL; over SSH `shell` or `exec`. */
  readonly path: string
  /** The commands without what was fed to their prompts. */
  readonly commands: readonly string[]
  /** Whether any command can change the switch. */
  readonly kind: 'read' | 'write'
  /** The HTTP status; over SSH 0, or the code of the refusal. `lost` where the connection died without an answer. */
  readonly answer: number | 'lost'
  /** The port that it came from, where it came over a socket. */
  readonly port?: number
  /** The session whose commit timer ran when its turn came. */
  readonly timer?: string
  /** What it has committed, and how. */
  readonly commit?: keyof Counters['commits']
}
