import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { passUnless, type Verdict } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import type { Reply } from '../../device/device.ts'

export class MissingMember extends Error {
  readonly holder: object
  readonly member: string

  constructor(holder: object, member: string) {
    super(`${member} is not told`)
    this.holder = holder
    this.member = member
  }
}

/** A member that is not optional may be absent as long as nobody reads it: reading it then throws {@link MissingMember}, which the wrapper of all checks makes an error of. */
export function told<S extends z.ZodRawShape>(shape: S) {
  const needed = Object.keys(shape).filter((key) => !z.safeParse(shape[key] as z.ZodType, undefined).success)
  return z
    .object(shape)
    .partial()
    .transform((members) => {
      for (const key of needed) {
        if ((members as Record<string, unknown>)[key] !== undefined) continue
        Object.defineProperty(members, key, {
          get: () => {
            throw new MissingMember(members, key)
          },
        })
      }
      return members as z.output<z.ZodObject<S>>
    })
}

/** A member without which nothing can be judged; throws {@link MissingMember} where the switch does not tell it. */
export function needed<T extends object, K extends keyof T & string>(holder: T, member: K): NonNullable<T[K]> {
  const value = holder[member]
  if (value === undefined || value === null) throw new MissingMember(holder, member)
  return value
}

/** Whether the switch tells nothing of a thing: not that it is there, or none of its members. */
export function isNothing(told: object | undefined): told is undefined {
  return told === undefined || Object.keys(told).length === 0
}

// Where in the answers something is, as a path; undefined where it is not in them as it is.
function placeOf(answer: unknown, wanted: object): readonly string[] | undefined {
  if (answer === wanted) return []
  if (typeof answer !== 'object' || answer === null) return undefined
  const entries = answer instanceof Map ? [...answer] : Object.entries(Object.getOwnPropertyDescriptors(answer))
  for (const [key, entry] of entries) {
    const found = placeOf(answer instanceof Map ? entry : (entry as PropertyDescriptor).value, wanted)
    if (found !== undefined) return [String(key), ...found]
  }
  return undefined
}

/**
 * A value that may be left out, or be null with the same meaning: an optional input of a catalog (ANTA's `None`), and what
 * EOS does not know (`maxTtlHops` of a BGP peer, observed under ribd).
 */
export function nullAsAbsent<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined)
}

/**
 * What EOS keys by name (VRFs, interfaces, prefixes), read as a map in the order of the answer. A map knows no name but
 * those that the switch gave, where an object knows `constructor`.
 */
export function byName<S extends Shape>(entry: S) {
  return recordOf(entry).transform((entries) => new Map(Object.entries(entries)))
}

/** What EOS keys by name, as it stands in the answer. */
export function recordOf<S extends Shape>(entry: S) {
  return z.record(z.string(), objectOf(entry))
}

/** An object of which any member may be absent. */
export function partly<S extends z.ZodRawShape>(shape: S) {
  return z.object(shape).partial()
}

// Members alone are an object that has them.
type Shape = z.ZodType | z.ZodRawShape
type ObjectOf<S extends Shape> = S extends z.ZodType
  ? S
  : S extends z.ZodRawShape
    ? z.ZodObject<S, z.core.$strip>
    : never

function objectOf<S extends Shape>(shape: S) {
  return (shape instanceof z.ZodType ? shape : z.object(shape)) as ObjectOf<S>
}

/** A show command, and the shape of its answer: a thunk, so that nothing is made of one that nobody asks for. */
export interface AskedCommand<M extends z.ZodType = z.ZodType> {
  readonly command: Command
  readonly model: () => M
}

export type Answer<S extends AskedCommand> = S extends AskedCommand<infer M> ? z.output<M> : never

/** What a schema reads that is made by a thunk. */
export type OutputOf<F extends () => z.ZodType> = z.output<ReturnType<F>>

/** A revision of null is any: the switch answers in the one that it takes for the first. */
export function show<S extends Shape>(
  cmd: string,
  model: () => S,
  revision: number | null = 1,
): AskedCommand<ObjectOf<S>> {
  return { command: revision === null ? { cmd } : { cmd, revision }, model: once(() => objectOf(model())) }
}

const text = once(() => z.string())

export function showText(cmd: string): AskedCommand<z.ZodString> {
  return { command: { cmd, format: 'text' }, model: text }
}

export type Finding = { readonly fault: string } | { readonly unjudged: string }

export function verdictOf(findings: readonly Finding[]): Verdict {
  const unjudged = findings.find((finding) => 'unjudged' in finding)
  if (unjudged !== undefined) return { status: 'error', reason: unjudged.unjudged }
  return passUnless(findings.flatMap((finding) => ('fault' in finding ? [finding.fault] : [])))
}

/** Of a pattern that takes too long to match (docs/transport.md#what-people-write). */
export function tooSlow(pattern: string): Finding {
  return { unjudged: `Pattern \`${pattern}\` takes too long to match` }
}

/** A name with what the catalog remarks on it, as subjects of messages have it: `10.0.0.1 (spine1)`. */
export function remarked(name: string, description: string | null | undefined): string {
  return description ? `${name} (${description})` : name
}

/** A value as Python prints it, which messages of the catalogue have from there: `True`, `None`. */
export function printed(value: string | number | boolean | null | undefined): string {
  if (value === undefined || value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return String(value)
}

/** A flag as Python prints it. */
export function printedFlag(flag: boolean | undefined): 'True' | 'False' {
  return flag === true ? 'True' : 'False'
}

/** A flag in EOS's word for a state. */
export function enabledWord(enabled: boolean): 'enabled' | 'disabled' {
  return enabled ? 'enabled' : 'disabled'
}

/** A number as Python prints a float: `75.0`, `232.5`. */
export function printedFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** A number with that many decimals as Python prints it: of two that are as near, the even one (74.125 is `74.12`). */
export function printedDecimals(value: number, decimals: number): string {
  const text = value.toFixed(decimals)
  const isHalfway = Number.isInteger(value * 2 ** (decimals + 1)) && value.toFixed(decimals + 1).endsWith('5')
  if (!isHalfway || !/[13579]$/.test(text)) return text
  return (Number(text) - Math.sign(value) * 10 ** -decimals).toFixed(decimals)
}

type Told = string | number | boolean

/**
 * One fault in the words of the catalogue, `<what> - Expected: … Actual: …`; none where both are the same. What the
 * switch does not tell is `Not found`, or `absent` where the catalogue has another word for it, and never as expected.
 */
export function mismatch(
  what: string,
  expected: Told,
  actual: Told | null | undefined,
  absent = 'Not found',
): readonly string[] {
  if (actual === expected) return []
  return [`${what} - Expected: ${printed(expected)} Actual: ${printed(actual ?? absent)}`]
}

/** What the switch does not tell is `Not found`. */
export function aboveThreshold(what: string, threshold: number, actual: number | undefined): readonly string[] {
  return actual !== undefined && actual <= threshold
    ? []
    : [`${what} above threshold - Expected: <= ${threshold} Actual: ${actual ?? 'Not found'}`]
}

/** An answer without the members that are null: EOS leaves out what it does not know, or gives it as null (recorded both ways). */
export function withoutNulls(json: Json): Json {
  if (Array.isArray(json)) return json.map((one: Json) => withoutNulls(one))
  if (typeof json !== 'object' || json === null) return json
  const told = Object.entries(json).filter(([, member]) => member !== null)
  return Object.fromEntries(told.map(([key, member]) => [key, withoutNulls(member)]))
}

// What EOS says where the hardware has no such thing (docs/eos.md 1.4: code 1002).
const UNSUPPORTED = /not supported on this hardware platform/i

export function answersIn<V extends Verdict | Promise<Verdict> = Verdict>(
  asked: readonly AskedCommand[],
  replies: readonly Reply[],
  judge: (answers: readonly unknown[]) => V,
): V | Verdict {
  const answers: unknown[] = []
  for (const [index, one] of asked.entries()) {
    const read = answerIn(replies[index], one)
    if ('verdict' in read) return read.verdict
    answers.push(read.answer)
  }
  try {
    return judge(answers)
  } catch (thrown) {
    if (thrown instanceof MissingMember) return withoutMember(thrown, asked, answers)
    throw thrown
  }
}

function withoutMember(
  { holder, member }: MissingMember,
  asked: readonly AskedCommand[],
  answers: readonly unknown[],
): Verdict {
  const commands = asked.map(({ command }) => `\`${command.cmd}\``)
  for (const [index, cmd] of commands.entries()) {
    const place = placeOf(answers[index], holder)
    if (place !== undefined) return unjudged(`${cmd} does not tell ${[...place, member].join('.')}`).verdict
  }
  return unjudged(`${commands.join(', ')}: ${member} is not told`).verdict
}

function answerIn(
  reply: Reply | undefined,
  { command, model }: AskedCommand,
): { readonly answer: unknown } | { readonly verdict: Verdict } {
  const { cmd, format } = command
  if (reply === undefined) return unjudged(`\`${cmd}\` was not answered`)
  if (!reply.ok) return refused(cmd, reply.error)
  const errors = errorsIn(reply.json)
  if (errors !== '') return refused(cmd, errors)
  const parsed = parse(model(), format === 'text' ? printedIn(reply.json) : reply.json)
  if (parsed.success) return { answer: parsed.data }
  const path = parsed.error.issues[0]?.path ?? []
  const place = path.length === 0 ? '' : ` at ${path.map(String).join('.')}`
  return unjudged(`\`${cmd}\` answered in an unknown shape${place}${unasked(reply.revision, command)}`)
}

function unasked(given: 'latest' | undefined, { revision }: Command) {
  if (given === undefined) return ''
  return `: revision ${revision} of it cannot be asked for over SSH, only the first and the latest`
}

function refused(cmd: string, error: string): { readonly verdict: Verdict } {
  const reason = error.startsWith(`\`${cmd}\` `) ? error : `\`${cmd}\` was refused: ${error}`
  return UNSUPPORTED.test(error) ? { verdict: { status: 'skip', reason } } : unjudged(reason)
}

function unjudged(reason: string): { readonly verdict: Verdict } {
  return { verdict: { status: 'error', reason } }
}

function printedIn(json: Json) {
  return isJsonObject(json) && typeof json.output === 'string' ? json.output : json
}

/** Some models carry their error inside a successful answer (`{"errors": ["Not supported"]}`, recorded from EOS 4.23). */
export function errorsIn(json: Json): string {
  if (!isJsonObject(json) || !Array.isArray(json.errors)) return ''
  return json.errors.filter((one) => typeof one === 'string').join('; ')
}

type Parsed = z.ZodSafeParseResult<unknown>

const known = new WeakMap<object, Map<z.ZodType, Parsed>>()

function parse(model: z.ZodType, json: Json): Parsed {
  if (typeof json !== 'object' || json === null) return model.safeParse(json)
  const parsed = known.get(json) ?? new Map<z.ZodType, Parsed>()
  known.set(json, parsed)
  const result = parsed.get(model) ?? read(model, json)
  parsed.set(model, result)
  return result
}

function read(model: z.ZodType, json: Json): Parsed {
  const told = model.safeParse(json)
  return told.success ? told : model.safeParse(withoutNulls(json))
}
