import type { Meter } from './meter.ts'

export interface Base {
  meter?: Meter
}

export interface Environment {
  readonly base: Base
  lookup(name: string | symbol): unknown
}

export interface Focus {
  readonly environment: Environment
  createSequence(...members: unknown[]): unknown[]
}

export const METER = ' meter'

export function meterOf({ base, lookup }: Environment): Meter {
  base.meter ??= lookup(METER) as Meter
  return base.meter
}

export class CodedError extends Error {
  readonly code: string
  readonly value: unknown
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
