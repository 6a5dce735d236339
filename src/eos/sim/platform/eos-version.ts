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
