import { type RawOutcome, rawText } from '../../../../eos/device/device.ts'
import { readSessionTable, type SessionTable } from '../../../../eos/device/session-table.ts'
import { type Behaviour, behaviourOf } from '../../../../eos/sim/switch/behaviour.ts'
import { definedMembers } from '../../../../model/defined-members.ts'
import { givenJson, isJsonObject, type Json, type JsonObject } from '../../../../model/json.ts'
import type { KitFact, KitFinding, KitStart } from './finding.ts'

export interface SeenStep {
  /** Milliseconds since the run began, and how long the answer took. */
  readonly at: number
  readonly milliseconds: number
  readonly outcomes: readonly RawOutcome[]
  readonly prompts?: readonly string[]
}

export interface SeenFailure {
  readonly error: string
  readonly message: string
  readonly says?: string
}

/** What was not sent, or not answered, is undefined. */
export class ProbeAnswers {
  readonly start: KitStart
  /** What the simulator does for this EOS version. */
  readonly rules: Behaviour
  readonly #steps = new Map<string, SeenStep[]>()
  readonly #failures = new Map<string, SeenFailure>()

  constructor(start: KitStart) {
    this.start = start
    this.rules = behaviourOf(start.eos)
  }

  add(step: string, answer: SeenStep): void {
    this.#steps.set(step, [...this.all(step), answer])
  }

  failed(step: string, failure: SeenFailure): void {
    this.#failures.set(step, failure)
  }

  failure(step: string): SeenFailure | undefined {
    return this.#failures.get(step)
  }

  all(step: string): readonly SeenStep[] {
    return this.#steps.get(step) ?? []
  }

  outcome(step: string, command = 0): RawOutcome | undefined {
    return this.all(step).at(-1)?.outcomes[command]
  }

  text(step: string, command = 0): string | undefined {
    return rawText(this.outcome(step, command))
  }

  worked(step: string, command = 0): boolean | undefined {
    return this.outcome(step, command)?.ok
  }

  words(step: string, command = 0): string | undefined {
    const outcome = this.outcome(step, command)
    return outcome?.ok === false ? outcome.errors.join('\n') : undefined
  }

  list(step: string): ListedSessions | undefined {
    return this.lists(step).at(-1)
  }

  lists(step: string): readonly ListedSessions[] {
    return this.all(step).flatMap(({ outcomes, at }) => {
      const [version, sessions] = outcomes.slice(-2)
      const time = version?.ok === true ? timeIn(version.result) : undefined
      if (time === undefined || sessions?.ok !== true) return []
      const model = modelOf(sessions.result)
      return [{ at, table: readSessionTable(model, time), model, ...time }]
    })
  }
}

/** A list of config sessions, and when it was read: by our clock, and by the uptime and clock of the switch in seconds. */
export interface ListedSessions {
  readonly at: number
  readonly table: SessionTable
  readonly model: JsonObject
  readonly uptime: number
  readonly epoch: number
}

/** The time of a switch in its `show version`; undefined where there is none. */
export function timeIn(version: Json): { readonly uptime: number; readonly epoch: number } | undefined {
  const { uptime, bootupTimestamp } = modelOf(version)
  if (typeof uptime !== 'number' || typeof bootupTimestamp !== 'number') return undefined
  return { uptime, epoch: bootupTimestamp + uptime }
}

export function modelOf(result: Json): JsonObject {
  if (isJsonObject(result)) return result
  if (typeof result !== 'string') return {}
  try {
    const read = givenJson(result)
    return isJsonObject(read) ? read : {}
  } catch {
    return {}
  }
}

export function compared<T extends Json>(
  row: string,
  expected: T,
  saw: T | undefined,
  key?: string,
): readonly KitFinding[] {
  if (saw === undefined) return []
  const holds = expected === saw
  const says = holds ? worded(saw) : `not ${worded(expected)}, but ${worded(saw)}`
  return [{ row, holds, says, ...(key === undefined ? {} : { fact: { key, value: saw } }) }]
}

/** Whether the switch refuses in the words of the simulator; `name` is the session in them. */
export function sameWords(
  seen: ProbeAnswers,
  row: string,
  key: keyof Behaviour['says'],
  said: string | undefined,
  name = '',
): readonly KitFinding[] {
  if (said === undefined) return []
  const general = (words: string) => (name === '' ? words : words.replaceAll(name, '%s')).trim()
  return compared(row, seen.rules.says[key], general(said), `says.${key}`)
}

export function judged(
  row: string,
  holds: boolean | undefined,
  says: { readonly holds: string; readonly fails: string },
  fact?: KitFact,
): readonly KitFinding[] {
  if (holds === undefined) return []
  return [{ row, holds, says: holds ? says.holds : says.fails, ...definedMembers({ fact }) }]
}

const worded = (value: Json) => (typeof value === 'string' ? `\`${value.trim()}\`` : JSON.stringify(value))
