import type { z } from 'zod'
import type { faultKinds } from './fault-kinds.ts'

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

type Frozen<T> = T extends readonly (infer One)[] ? readonly One[] : T

type WithoutDevice<T> = T extends unknown
  ? { readonly [K in keyof T as Exclude<K, 'device'>]: Frozen<Exclude<T[K], undefined>> }
  : never

/** What goes wrong with a switch: times are in seconds, from when it is set; without `for`, for good. */
export type Fault = WithoutDevice<z.output<typeof faultKinds>>

export type FaultOf<K extends Fault['kind']> = Extract<Fault, { readonly kind: K }>

export type DeviceFault = Fault & { readonly device: string }
