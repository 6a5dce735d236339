import {
  type RawOutcome,
  type RawRequest,
  rawText,
  readSessionTable,
  type SessionTable,
} from '../../../../eos/device/device.ts'
import { type Behaviour, behaviourOf } from '../../../../eos/sim/switch/behaviour.ts'
import type { Command } from '../../../../model/command.ts'
import { definedMembers, isJsonObject, type Json, type JsonObject, readableJson } from '../../../../model/json.ts'

export interface KitStart {
  readonly eos: string
  readonly isTyped: boolean
  /** The image that it boots, as `boot system` takes it; undefined where it does not say. */
  readonly image?: string
  readonly checkpoints: readonly string[]
  /** The password of the user that the kit makes: of this run alone. */
  readonly password?: string
}

export interface KitFact {
  readonly key: string
  readonly value: Json
}

/** Whether a row of docs/unproven.md holds on the switch, and what it showed. */
export interface KitFinding {
  readonly row: string
  readonly holds: boolean
  readonly says: string
  readonly fact?: KitFact
}

export interface SkippedStep {
  readonly step: string
  readonly why: string
  readonly settles?: readonly string[]
}

export interface ProbeResult {
  readonly probe: string
  readonly findings: readonly KitFinding[]
  readonly skipped: readonly SkippedStep[]
  readonly failure?: string
}

interface SeenStep {
  // Milliseconds since the run began, and how long the answer took.
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

  /** Undefined where one of the two has shown no text. */
  same(step: string, other: string): boolean | undefined {
    const [text, another] = [this.text(step), this.text(other)]
    return text === undefined || another === undefined ? undefined : text === another
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
  const read = typeof result === 'string' ? readableJson(result) : result
  return isJsonObject(read) ? read : {}
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
  good: string,
  bad: string,
  fact?: KitFact,
): readonly KitFinding[] {
  if (holds === undefined) return []
  return [{ row, holds, says: holds ? good : bad, ...definedMembers({ fact }) }]
}

export const overEapi = ({ start }: ProbeAnswers): string | undefined =>
  start.isTyped ? 'it is tried over eAPI alone' : undefined

const worded = (value: Json) => (typeof value === 'string' ? `\`${value.trim()}\`` : JSON.stringify(value))

export type KitLogin = 'wrong-password' | 'user-of-the-kit'

export interface KitStep {
  readonly name: string
  /** The form of the answers; `completions`: nothing is carried out, and the switch is asked which words may follow the one command. */
  readonly format: RawRequest['format']
  readonly commands: readonly Command[]
  /** Their steps are `NAME-2`, `NAME-3` and so on. */
  readonly beside?: readonly (readonly Command[])[]
  readonly login?: KitLogin
  /** Whether the commands behind a refused one are sent all the same. */
  readonly refusals?: 'go-on'
  readonly wait?: number
  /** How often it is sent in all, and how many milliseconds lie between. */
  readonly again?: { readonly times: number; readonly milliseconds: number }
  readonly anew?: true
  /** The rows that miss it where it is not sent; absent: all of its probe. */
  readonly settles?: readonly string[]
  /** Why it is not sent, from what was seen so far; undefined: it is. */
  readonly unless?: (seen: ProbeAnswers) => string | undefined
  /** Whether it may end without an answer: by a reboot, or because the login is refused. */
  readonly mayFail?: true
  /** For how many seconds it is sent again while nobody answers. */
  readonly patience?: number
}

export interface Probe {
  readonly id: string
  readonly title: string
  /** The ids of the rows of docs/unproven.md that it may settle. */
  readonly rows: readonly string[]
  /** Whether it saves, locks, reboots or cuts management off: it needs `--disruptive`. */
  readonly disruptive?: true
  readonly requires?: string
  /** The row that the switch has to have proven in the same run before it is tried. */
  readonly behind?: string
  /** The config sessions that it opens: each is ended and removed behind it, whatever became of it. */
  readonly sessions: readonly string[]
  readonly makes?: RegExp
  readonly steps: (start: KitStart) => readonly KitStep[]
  readonly undo?: readonly KitStep[]
  readonly judge: (seen: ProbeAnswers) => readonly KitFinding[]
}

export const LOOPBACK = 'interface Loopback987'

export const KIT = 'eosflow-kit'

export const typed = (...lines: readonly string[]): readonly Command[] => lines.map((cmd) => ({ cmd }))

/** A step that asks for text. */
export const step = (name: string, lines: readonly string[], more: Partial<KitStep> = {}): KitStep => ({
  name,
  format: 'text',
  commands: typed(...lines),
  ...more,
})

export const shown = (name: string, more?: Partial<KitStep>): KitStep => step(name, ['show running-config'], more)

export const LOOPBACK_LINES: readonly string[] = [LOOPBACK, `description ${KIT}`]

export const NO_LOOPBACK: KitStep = step('no-loopback', ['configure', `no ${LOOPBACK}`, 'end'], { refusals: 'go-on' })

export const LIST = typed('show version', 'show configuration sessions detail')

export const listing = (name: string, more: Partial<KitStep> = {}): KitStep => ({
  name,
  format: 'json',
  commands: LIST,
  ...more,
})
