/** The moment at which somebody else acts on a switch: seconds after the fault is set, at a point of a config session, or before or behind a command. */
export interface FaultTrigger {
  readonly after?: number
  /** `commit` is behind any commit, timed or not; `armed` only behind a timed one. */
  readonly on?: 'session-open' | 'before-commit' | 'commit' | 'armed'
  readonly command?: string
  readonly nth?: number
  readonly side?: 'before' | 'behind'
}

export interface HandEdit extends FaultTrigger {
  readonly kind: 'hand-edit'
  readonly lines: readonly string[]
  readonly user?: string
}

export interface HandSave extends FaultTrigger {
  readonly kind: 'hand-save'
}

export interface BlockAppears extends FaultTrigger {
  readonly kind: 'block-appears'
  readonly block: string
}

export type Hand = HandEdit | HandSave | BlockAppears

/** Whether a fault is a {@link Hand}. */
export function isHand(fault: { readonly kind: string }): fault is Hand {
  return fault.kind === 'hand-edit' || fault.kind === 'hand-save' || fault.kind === 'block-appears'
}

export function waitsForPoint({ on, command }: FaultTrigger): boolean {
  return on !== undefined || command !== undefined
}

/** The same at a time: seconds after it is set. */
export function atTime<T extends Hand>(hand: T, after: number): T {
  const { on: _on, command: _command, nth: _nth, side: _side, ...rest } = hand
  return { ...rest, after } as T
}
