import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'

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
export function byName<T extends z.ZodType>(entry: T) {
  return recordOf(entry).transform((entries) => new Map(Object.entries(entries)))
}

/** What EOS keys by name, as it stands in the answer. */
export function recordOf<T extends z.ZodType>(entry: T) {
  return z.record(z.string(), entry)
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
export function show<M extends z.ZodType>(cmd: string, model: () => M, revision: number | null = 1): AskedCommand<M> {
  return { command: revision === null ? { cmd } : { cmd, revision }, model: once(model) }
}

const text = once(() => z.string())

export function showText(cmd: string): AskedCommand<z.ZodString> {
  return { command: { cmd, format: 'text' }, model: text }
}
