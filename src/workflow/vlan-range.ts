/** The VLANs of a range as EOS writes it (`10-12,20`), ascending and each once; undefined when it is none, leaves 1 to 4094 or has zeros in front. */
export function parseVlanRange(text: string): readonly number[] | undefined {
  const vlans = new Set<number>()
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*([1-9]\d{0,3})(?:\s*-\s*([1-9]\d{0,3}))?\s*$/.exec(part) ?? []
    if (first === undefined || Number(first) < 1 || Number(last) > 4094 || Number(last) < Number(first))
      return undefined
    for (let vlan = Number(first); vlan <= Number(last); vlan += 1) vlans.add(vlan)
  }
  return [...vlans].sort((a, b) => a - b)
}

/** Numbers as EOS writes a range: `[10, 11, 12, 20]` is `10-12,20`. */
export function formatRange(numbers: readonly number[]): string {
  const runs: [number, number][] = []
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run !== undefined && run[1] === number - 1) run[1] = number
    else runs.push([number, number])
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}
