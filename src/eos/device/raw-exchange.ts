import type { Command } from '../../model/command.ts'
import { isJsonObject, type Json } from '../../model/json.ts'

export interface RawRequest {
  readonly commands: readonly Command[]
  /** `completions`: nothing is carried out, and what may follow the one command is asked; over eAPI alone. */
  readonly format: 'json' | 'text' | 'completions'
  /** Whether the commands behind one that the switch refuses are sent all the same. */
  readonly refusals: 'stop' | 'go-on'
}

export type RawOutcome =
  | { readonly ok: true; readonly result: Json }
  | { readonly ok: false; readonly errors: readonly [string, ...string[]]; readonly code?: number }

export interface RawAnswer {
  readonly request: string
  readonly answer: string
  readonly outcomes: readonly RawOutcome[]
  readonly prompts?: readonly string[]
}

export function rawText(outcome: RawOutcome | undefined): string | undefined {
  if (outcome === undefined) return undefined
  if (!outcome.ok) return outcome.errors.join('\n')
  const { result } = outcome
  if (typeof result === 'string') return result
  if (!isJsonObject(result)) return ''
  if (typeof result.output === 'string') return result.output
  return Array.isArray(result.messages) ? result.messages.filter((one) => typeof one === 'string').join('\n') : ''
}
