/**
 * The moment at which somebody else acts on a switch: seconds after the fault is set, at a point of a config session, or
 * before or behind a command. Without any of these it is at once. With a point or a command, `after` counts from there.
 */
export interface FaultTrigger {
  readonly after?: number
  /** `commit` is behind any commit, timed or not; `armed` only behind a timed one. */
  readonly on?: 'session-open' | 'before-commit' | 'commit' | 'armed'
  /** A regular expression, tried on each command as it was typed: also on those of one request, between any two of them. */
  readonly command?: string
  /** Which command that matches; the first without it. */
  readonly nth?: number
  /** On which side of the command; `before` without it. */
  readonly side?: 'before' | 'behind'
}

/**
 * Another person configures the switch: lines merged into running-config at a moment. While somebody else holds the
 * configure lock nobody can type: the lines come when the lock is given back.
 */
export interface HandEdit extends FaultTrigger {
  readonly kind: 'hand-edit'
  readonly lines: readonly string[]
  readonly user?: string
}

/** Another person saves: running-config becomes startup-config at a moment. */
export interface HandSave extends FaultTrigger {
  readonly kind: 'hand-save'
}

/** The switch adds an empty block to running-config by itself, as it does for a port that was split or a transceiver. */
export interface BlockAppears extends FaultTrigger {
  readonly kind: 'block-appears'
  /** The line that opens it: `interface Ethernet48/2`. */
  readonly block: string
}

/** What happens to a switch at a {@link FaultTrigger}, whoever does it. */
export type Hand = HandEdit | HandSave | BlockAppears

/** Whether a fault is a {@link Hand}. */
export function isHand(fault: { readonly kind: string }): fault is Hand {
  return fault.kind === 'hand-edit' || fault.kind === 'hand-save' || fault.kind === 'block-appears'
}

/** Whether it waits for a point of a session or for a command, not for a time alone. */
export function waitsForPoint({ on, command }: FaultTrigger): boolean {
  return on !== undefined || command !== undefined
}

/** The same at a time: seconds after it is set. */
export function atTime<T extends Hand>(hand: T, after: number): T {
  const { on: _on, command: _command, nth: _nth, side: _side, ...rest } = hand
  return { ...rest, after } as T
}
