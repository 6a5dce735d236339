// A window in seconds from when a fault is set; for good without `for`.
interface Window {
  readonly after?: number
  readonly for?: number
}

/** The list of config sessions and of their timer shows what was so many seconds ago, 0 to 5 (napalm#734). */
export interface SessionListLag extends Window {
  readonly kind: 'session-list-lag'
  readonly seconds: number
}

export interface ReplayFails {
  readonly kind: 'replay-fails'
  readonly line?: number
  readonly command?: string
  readonly leavesOut?: boolean
}

export interface NoStartupConfig {
  readonly kind: 'no-startup-config'
}

/** A save takes so many seconds. */
export interface SlowSave {
  readonly kind: 'slow-save'
  readonly seconds: number
}

export interface NoNewLogin extends Window {
  readonly kind: 'no-new-login'
}

export interface AaaAway extends Window {
  readonly kind: 'aaa-away'
}
