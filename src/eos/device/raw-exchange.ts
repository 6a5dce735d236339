import type { Command } from '../../model/command.ts'
import { isJsonObject, type Json } from '../../model/json.ts'

/** Commands that a switch is sent as they are, in one CLI. */
export interface RawRequest {
  readonly commands: readonly Command[]
  /**
   * The form of all results. At a terminal only show commands have models. `completions`: nothing is carried out, and what may follow
   * the one command is asked; over eAPI alone.
   */
  readonly format: 'json' | 'text' | 'completions'
  /** Whether the commands behind one that the switch refuses are sent all the same. */
  readonly refusals: 'stop' | 'go-on'
}

/** What one command was answered: its result as eAPI writes it, or the words of the switch, with its error code over eAPI. */
export type RawOutcome =
  | { readonly ok: true; readonly result: Json }
  | { readonly ok: false; readonly errors: readonly [string, ...string[]]; readonly code?: number }

/** What went to a switch and what came back. A command that was not reached has no outcome. */
export interface RawAnswer {
  /** What was sent, without the secrets of the login: the body of the request, or what was typed. */
  readonly request: string
  /** What came back: the body of the answer, or what the terminal printed. */
  readonly answer: string
  readonly outcomes: readonly RawOutcome[]
  /** The prompt behind each command, over a terminal alone. */
  readonly prompts?: readonly string[]
}

/** The text of an outcome: what was printed, or what was refused. Undefined where the command was not reached. */
export function rawText(outcome: RawOutcome | undefined): string | undefined {
  if (outcome === undefined) return undefined
  if (!outcome.ok) return outcome.errors.join('\n')
  const { result } = outcome
  if (typeof result === 'string') return result
  if (!isJsonObject(result)) return ''
  if (typeof result.output === 'string') return result.output
  return Array.isArray(result.messages) ? result.messages.filter((one) => typeof one === 'string').join('\n') : ''
}
