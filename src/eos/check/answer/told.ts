import { z } from 'zod'

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
