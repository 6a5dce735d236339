import type { Meter } from './meter.ts'

/**
 * What jsonata 2.2.2 keeps for one evaluation, `environment.base` of every frame of it. Its declarations leave it out; the
 * meter is ours.
 */
export interface Base {
  meter?: Meter
}

/** A frame of an evaluation. */
export interface Environment {
  readonly base: Base
  lookup(name: string | symbol): unknown
}

/** What JSONata passes to a function as `this`. */
export interface Focus {
  readonly environment: Environment
  createSequence(...members: unknown[]): unknown[]
}

/** The meter of an evaluation travels as a variable whose name no expression can write. */
export const METER = ' meter'

/** The meter of the evaluation that a frame belongs to. */
export function meterOf({ base, lookup }: Environment): Meter {
  base.meter ??= lookup(METER) as Meter
  return base.meter
}

/** One of JSONata's own errors, by its code: jsonata writes the message, from its catalogue. */
export class CodedError extends Error {
  readonly code: string
  readonly value: unknown
  /** Which argument is meant, from 1. */
  readonly index: number | undefined

  constructor(code: string, value?: unknown, index?: number) {
    super(code)
    this.name = 'CodedError'
    this.code = code
    this.value = value
    this.index = index
  }
}

/** What is wrong with an argument by its value: AWS reports these as D3137 (recorded for `$parse`, `$hash`, `$partition`). */
export function refusal(message: string): CodedError {
  const error = new CodedError('D3137')
  error.message = message
  return error
}
