/** Made once: a collator per comparison is what made reading a state slow. */
const byNumbersToo = new Intl.Collator('en', { numeric: true })

/** Orders names as EOS and people do: numbers in them count as numbers, `leaf2` before `leaf10`. */
export function natural(a: string, b: string): number {
  return byNumbersToo.compare(a, b)
}
