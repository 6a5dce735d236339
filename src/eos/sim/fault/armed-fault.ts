import type { RequestTrigger } from './answer-faults.ts'
import type { Fault, Reboot } from './fault.ts'
import { type FaultTrigger, type Hand, isHand, waitsForPoint } from './hand.ts'

/** What a fault may look at to know whether a request is its own. */
export interface RequestTraits {
  readonly commands: readonly string[]
  readonly writes: boolean
}

/** A fault that is set, with what it has seen since. */
export interface ArmedFault<T extends Fault = Fault> {
  readonly fault: T
  /** The fault as it was set, where its moment was made a time since. */
  readonly origin: Fault
  /** Milliseconds since the epoch at which it was set. */
  readonly setAt: number
  /** Requests and writes seen since. */
  requests: number
  writes: number
  /** Commands seen since that match. */
  matched: number
  /** How often it has struck, where that can be more than once. */
  struck: number
}

/** When a lasting fault is on, seconds behind the moment at which it was set. */
export interface FaultWindow {
  readonly after?: number
  readonly for?: number
}

/** Whether a fault has begun and is not over. */
export function isOpen(fault: { readonly kind: string } & FaultWindow, setAt: number, now: number): boolean {
  const from = setAt + (fault.after ?? 0) * 1000
  return (fault.after === undefined || now >= from) && (fault.for === undefined || now < from + fault.for * 1000)
}

/** Whether a request is the one that a fault waits for. */
export function triggered(armed: ArmedFault, trigger: RequestTrigger, request: RequestTraits): boolean {
  if (trigger.command !== undefined && !matches(trigger.command, request.commands)) return false
  if (trigger.write !== undefined) return request.writes && armed.writes === trigger.write
  return trigger.request === undefined || armed.requests === trigger.request
}

/** Whether a fault strikes at a time, and not at a request. */
export function hasTime(fault: Fault): fault is Hand | Reboot {
  if (isHand(fault)) return fault.after !== undefined && !waitsForPoint(fault)
  return fault.kind === 'reboot' && fault.after !== undefined
}

/** Whether a hand waits for this side of a command. */
export function isAt(fault: Hand, side: NonNullable<FaultTrigger['side']>, command: string): boolean {
  return fault.command !== undefined && (fault.side ?? 'before') === side && matches(fault.command, [command])
}

/** Whether a pattern is in one of the commands. */
export function matches(pattern: string, commands: readonly string[]): boolean {
  const expression = new RegExp(pattern)
  return commands.some((command) => expression.test(command))
}
