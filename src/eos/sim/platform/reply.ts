import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { printedLines } from './facts.ts'

/**
 * The codes of eAPI command errors (docs/eos.md 1.4): 1000 could not run, 1001 internal error, 1002 invalid, 1003 unconverted,
 * 1004 incompatible with the API, 1005 permission denied.
 */
export type RefusalCode = 1000 | 1001 | 1002 | 1003 | 1004 | 1005

export interface CliRefusal {
  readonly ok: false
  readonly code: RefusalCode
  readonly errors: readonly string[]
}

export type Reply =
  | {
      readonly ok: true
      readonly json?: () => Json
      readonly text?: () => string
      readonly terminal?: () => string
      readonly messages?: readonly string[]
      /**
       * Whether it says the same until a configuration, the network or the second of the clock changes; a text where it says the same for as long as
       * that text is the same.
       */
      readonly stable?: boolean | string
    }
  | CliRefusal

/** A command that worked and says nothing: `{}` in JSON, empty text. */
export const DONE: Reply = Object.freeze({ ok: true, json: () => ({}), text: () => '' })

/** A command that worked and says something: `messages` in JSON (docs/eos.md 1.3). */
export function said(...messages: readonly string[]): Reply {
  return { ok: true, messages, json: () => ({ messages }), text: () => printedLines(messages) }
}

export function saidToo(reply: Reply, line: string): Reply {
  if (!reply.ok) return reply
  const { json, text } = reply
  const messages = [...(reply.messages ?? []), line]
  return {
    ok: true,
    messages,
    ...(json === undefined ? {} : { json: () => ({ ...object(json()), messages }) }),
    ...(text === undefined ? {} : { text: () => `${text()}${line}\n` }),
  }
}

function object(value: Json): JsonObject {
  return isJsonObject(value) ? value : {}
}

/** A command that the switch could not run (code 1000) or, with another code, would not. */
export function refused(error: string | readonly string[], code: RefusalCode = 1000): CliRefusal {
  return { ok: false, code, errors: typeof error === 'string' ? [error] : error }
}
