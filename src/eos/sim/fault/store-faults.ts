/** A window in seconds from when a fault is set; for good without `for`. */
interface Window {
  readonly after?: number
  readonly for?: number
}

/** The list of config sessions and of their timer shows what was so many seconds ago, 0 to 5 (napalm#734). */
export interface SessionListLag extends Window {
  readonly kind: 'session-list-lag'
  readonly seconds: number
}

/**
 * The switch cannot replay a text of its own that has such a line: the rollback of a timer and of an abort, a replace and a
 * restore change nothing. With `leavesOut` they work and the line is missing. A copy into a session says so, or leaves it
 * out in silence.
 */
export interface ReplayFails {
  readonly kind: 'replay-fails'
  /** The nth line of the text, from 1, without comments. */
  readonly line?: number
  /** A regular expression, tried on each line of the text. */
  readonly command?: string
  readonly leavesOut?: boolean
}

/** There is no startup-config until somebody saves. */
export interface NoStartupConfig {
  readonly kind: 'no-startup-config'
}

/** A save takes so many seconds. */
export interface SlowSave {
  readonly kind: 'slow-save'
  readonly seconds: number
}

/** Connections that stand go on; a new one is cut before its login. */
export interface NoNewLogin extends Window {
  readonly kind: 'no-new-login'
}

/** What judges passwords is away: none is taken, on open connections of eAPI neither, which sends one with each request. */
export interface AaaAway extends Window {
  readonly kind: 'aaa-away'
}
