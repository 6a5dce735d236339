import type { FaultOf } from './fault.ts'

export type Hand = FaultOf<'hand-edit' | 'hand-save' | 'block-appears'>

/** The moment at which somebody else acts on a switch: seconds after the fault is set, at a point of a config session, or before or behind a command. */
export type FaultTrigger = Omit<FaultOf<'hand-save'>, 'kind'>

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
