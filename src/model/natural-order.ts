let byNumbersToo: Intl.Collator | undefined

/**
 * Orders names as EOS and people do: numbers in them count as numbers, `leaf2` before `leaf10`. The collator is made once, since one for each comparison
 * is what made reading a state slow, and late: it takes several milliseconds, and most commands compare nothing.
 */
export function natural(a: string, b: string): number {
  byNumbersToo ??= new Intl.Collator('en', { numeric: true })
  return byNumbersToo.compare(a, b)
}
