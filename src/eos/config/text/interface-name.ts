// The kinds of interface in the order of the running-config (docs/eos.md 4.3).
const kinds = [
  'Port-Channel',
  'Recirc-Channel',
  'Dps',
  'Ethernet',
  'UnconnectedEthernet',
  'Fabric',
  'Loopback',
  'Management',
  'Register',
  'Tunnel',
  'Vlan',
  'Vxlan',
] as const

const shorthands: Readonly<Record<string, string>> = { po: 'Port-Channel', portchannel: 'Port-Channel', vl: 'Vlan' }

const MOST_IN_RANGE = 4096

function kindOf(word: string): string | undefined {
  const lower = word.toLowerCase()
  const shorthand = shorthands[lower]
  if (shorthand) return shorthand
  const candidates = kinds.filter((kind) => kind.toLowerCase().startsWith(lower))
  const exact = candidates.find((kind) => kind.toLowerCase() === lower)
  return exact ?? (candidates.length === 1 ? candidates[0] : undefined)
}

/** The canonical name of one interface: `lo1` is `Loopback1`, `Ethernet 1/1` is `Ethernet1/1`; others stay as they are. */
export function canonicalInterface(name: string): string {
  const parts = /^([A-Za-z-]+)\s*(\d[\d/.:]*)$/.exec(name.trim())
  const kind = parts ? kindOf(parts[1] ?? '') : undefined
  return kind && parts ? `${kind}${parts[2]}` : name
}

/** The interfaces of a name that may be a range such as `Ethernet1-4,7` or `Et1/1-1/3,Po2`, canonically. */
export function interfacesOf(name: string): string[] {
  let kind = ''
  const names: string[] = []
  for (const part of name.split(',')) {
    const range = /^\s*([A-Za-z-]*?)\s*(\d[\d/.]*)(?:-(\d[\d/.]*))?\s*$/.exec(part)
    if (!range) return [canonicalInterface(name)]
    kind = range[1] || kind
    const numbers = numbersBetween(range[2] ?? '', range[3])
    if (!numbers || kind === '') return [canonicalInterface(name)]
    names.push(...numbers.map((number) => canonicalInterface(`${kind}${number}`)))
  }
  return names
}

function numbersBetween(first: string, last: string | undefined) {
  if (last === undefined) return [first]
  const split = Math.max(first.lastIndexOf('/'), first.lastIndexOf('.')) + 1
  const place = first.slice(0, split)
  const end = last.startsWith(place) ? last.slice(split) : last
  const [from, to] = [Number(first.slice(split)), Number(end)]
  if (!/^\d+$/.test(end) || to < from || to - from > MOST_IN_RANGE) return undefined
  return Array.from({ length: to - from + 1 }, (_, index) => `${place}${from + index}`)
}

/** Whether an interface is a port of the switch, which no command removes (docs/eos.md 4.8). */
export function isPhysical(name: string): boolean {
  return /^(Ethernet|Management|UnconnectedEthernet)[\d/]+$/.test(name)
}

export function compareInterfaces(a: string, b: string): number {
  const [kindA, numbersA] = takeApart(a)
  const [kindB, numbersB] = takeApart(b)
  if (kindA !== kindB) return kindA - kindB
  for (let place = 0; place < Math.max(numbersA.length, numbersB.length); place++) {
    const difference = (numbersA[place] ?? -1) - (numbersB[place] ?? -1)
    if (difference !== 0) return difference
  }
  return a < b ? -1 : a > b ? 1 : 0
}

function takeApart(name: string): [kind: number, numbers: number[]] {
  const parts = /^([A-Za-z-]+)([\d/.]*)/.exec(name)
  const kind = (kinds as readonly string[]).indexOf(parts?.[1] ?? '')
  return [kind === -1 ? kinds.length : kind, (parts?.[2] ?? '').split(/[/.]/).filter(Boolean).map(Number)]
}
