import { gathered } from '../../model/map-keys.ts'

// How many characters of a value find it.
const HEAD = 4

/** A shorter one is replaced only where its place says that it is a secret (docs/security.md#values-that-are-no-secrets). */
export function isDistinctive(value: string): boolean {
  const kinds = [/\d/, /[A-Za-z]/, /[^\dA-Za-z]/].filter((kind) => kind.test(value)).length
  return value.length >= 8 || (value.length >= 5 && kinds > 1)
}

export function withoutValues(text: string, values: ReadonlyMap<string, string>): string {
  const byHead = headsOf([...values.keys()].filter(isDistinctive))
  let replaced = ''
  let from = 0
  for (let at = 0; at <= text.length - HEAD; ) {
    const value = byHead.get(text.slice(at, at + HEAD))?.find((one) => text.startsWith(one, at))
    if (value === undefined) at += 1
    else {
      replaced += text.slice(from, at) + (values.get(value) ?? '')
      at += value.length
      from = at
    }
  }
  return replaced + text.slice(from)
}

export function wordsLeft(text: string, values: Iterable<string>): readonly string[] {
  const words = new Set(text.match(/\w+/g))
  return [...values].filter((value) => !isDistinctive(value) && words.has(value))
}

function headsOf(values: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const longestFirst = values.toSorted((a, b) => b.length - a.length)
  return gathered(longestFirst.map((value) => [value.slice(0, HEAD), value]))
}
