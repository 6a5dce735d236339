import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { passUnless, type Verdict } from '../../../model/verdict.ts'

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

/** Where in the answers something is, as a path; undefined where it is not in them as it is. */
export function placeOf(answer: unknown, wanted: object): readonly string[] | undefined {
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
