import type { Json } from './sources.ts'

/** What of a value is given: some of its members, and of these and of what they answer again some, seven deep: a type may hold itself. */
export type Part<T, Deep extends readonly unknown[] = []> = Deep['length'] extends 7
  ? T
  : T extends Promise<infer Answer>
    ? Promise<Part<Answer, Deep>>
    : T extends (...given: infer Given) => infer Answer
      ? (...given: Given) => Part<Answer, [...Deep, 0]>
      : T extends object
        ? { readonly [Key in keyof T]?: Part<T[Key], [...Deep, 0]> | undefined }
        : T

/** A double that has only what the code under test asks of it: the compiler compares that with the type, and refuses a member that is none. */
export function partOf<T>(part: Part<T>): T {
  return part as unknown as T
}

/** A value of ours as what JSON makes of it: its type has no index. */
export const asJson = (value: unknown): Json => value as Json
