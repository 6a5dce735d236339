/** The highest VLAN (IEEE 802.1Q: 4095 is reserved). */
export const LAST_VLAN = 4094

/** What a reader of VLAN lists takes besides the form in which EOS prints them. */
export interface VlanListForm {
  /** Spaces around numbers, as people write them: `10, 20`. EOS prints none. */
  readonly spaces?: boolean
  /** Numbers with zeros in front; true unless it is said. YAML reads `010` as 8 or as 10. */
  readonly zeros?: boolean
}

/** The VLANs of a list such as `10,20-22`, ascending and each once; undefined where it is not such a list of VLANs 1 to {@link LAST_VLAN}. */
export function parseVlans(text: string, form: VlanListForm = {}): number[] | undefined {
  const vlans = new Set<number>()
  for (const part of text.split(',')) {
    const run = runIn(part, form)
    if (run === undefined) return undefined
    for (let vlan = run.first; vlan <= run.last; vlan++) vlans.add(vlan)
  }
  return [...vlans].sort((a, b) => a - b)
}

function runIn(part: string, { spaces = false, zeros = true }: VlanListForm) {
  const found = PART.exec(spaces ? part.replaceAll(AROUND, '') : part)
  const [, from = '', to = from] = found ?? []
  if (found === null || (!zeros && (from.startsWith('0') || to.startsWith('0')))) return undefined
  const [first, last] = [Number(from), Number(to)]
  return first >= 1 && last <= LAST_VLAN && first <= last ? { first, last } : undefined
}

const PART = /^(\d{1,4})(?:-(\d{1,4}))?$/

const AROUND = /^\s+|\s+$|\s+(?=-)|(?<=-)\s+/g

/** Numbers as EOS prints a list of them, runs as ranges: `[10, 11, 12, 20]` is `10-12,20`. */
export function formatRanges(numbers: readonly number[]): string {
  const runs: [number, number][] = []
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run !== undefined && run[1] === number - 1) run[1] = number
    else runs.push([number, number])
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}
