import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'

export interface RecordedOutput {
  readonly command: string
  readonly json?: Json
  readonly text?: string
}

/** Where the outputs of a command lie in the folder of a switch, without the ending: `show version` is `show_version`. */
export function recordedPath(device: string, command: string): string {
  return `${device}/recorded/${command.replace(/[^A-Za-z0-9.-]+/g, '_')}`
}

/** Whether an EOS version is at least `major.minor`, or `major.minor.patch` where releases of one train differ: `4.32.2F`, `4.34.2F-43232954.4342F.1 (engineering build)` and `4.36.0.1F` are compared by as many numbers as the floor has. */
export function eosAtLeast(version: string, floor: string): boolean {
  const [here, least] = [numbersOf(version), numbersOf(floor)]
  const at = least.findIndex((number, index) => number !== (here[index] ?? 0))
  return at < 0 || (here[at] ?? 0) > (least[at] ?? 0)
}

const KNOWN = new Map<string, readonly number[]>()

function numbersOf(version: string) {
  const known = KNOWN.get(version)
  if (known !== undefined) return known
  const numbers = /^\d+(?:\.\d+){1,2}/.exec(version)?.[0].split('.').map(Number) ?? []
  KNOWN.set(version, numbers)
  return numbers
}

/** A time as `date` prints it, in UTC: `Sat May 29 13:12:00 2021`. */
export function dateText(at: number): string {
  const [, weekday, day, month, year, time] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? []
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`
}

export function printedLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

export interface SwitchFacts {
  readonly model: string
  /** The EOS version, for example `4.32.2F`. */
  readonly eos: string
  readonly serial: string
  /** The system MAC address as EOS prints it in JSON: `00:1c:73:aa:bb:01`. */
  readonly systemMac: string
  /** Physical interfaces that exist whether or not the configuration names them, in EOS order. */
  readonly interfaces: readonly string[]
}

export interface Cable {
  readonly a: CableEnd
  readonly b: CableEnd
  readonly sends?: readonly HostAddress[]
}

export interface HostAddress {
  /** As EOS prints it in JSON: `02:00:00:00:01:0a`. */
  readonly mac: string
  readonly vlan?: number
  readonly address?: string
}

export interface Demand {
  readonly from: string
  readonly to: string
  readonly vrf?: string
  readonly vlan?: number
  /** Bits per second. */
  readonly rate: number
}

/** One end of a cable: the switch by name and the port by its full EOS name. */
export interface CableEnd {
  readonly device: string
  readonly port: string
}

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
