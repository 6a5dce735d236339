import type { InterfaceKind } from './network-state.ts'

/** The numbers of a range list as EOS writes it: `10,20-22` is 10, 20, 21, 22. Parts that are no numbers are left out. */
export function parseRange(text: string): readonly number[] {
  const numbers: number[] = []
  for (const part of text.split(',')) {
    const [, first = '', last = first] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? []
    if (first === '') continue
    for (let value = Number(first); value <= Number(last); value += 1) numbers.push(value)
  }
  return numbers
}

// The families of interface names in the order EOS lists them (docs/eos.md 4.3), with their short forms.
const FAMILIES: readonly { readonly prefix: string; readonly short: string; readonly kind: InterfaceKind }[] = [
  { prefix: 'Port-Channel', short: 'Po', kind: 'portChannel' },
  { prefix: 'Dps', short: 'Dps', kind: 'other' },
  { prefix: 'Ethernet', short: 'Et', kind: 'ethernet' },
  { prefix: 'Loopback', short: 'Lo', kind: 'loopback' },
  { prefix: 'Management', short: 'Ma', kind: 'management' },
  { prefix: 'Tunnel', short: 'Tu', kind: 'other' },
  { prefix: 'Vlan', short: 'Vl', kind: 'vlan' },
  { prefix: 'Vxlan', short: 'Vx', kind: 'vxlan' },
]

const NAME = /^([A-Za-z-]+)(\d+(?:\/\d+)*(?:\.\d+)?)$/

/** What an interface is, by its full EOS name. */
export function interfaceKind(name: string): InterfaceKind {
  return FAMILIES.find((family) => name.startsWith(family.prefix))?.kind ?? 'other'
}

/** The short form EOS prints in tables: `Ethernet49/1` is `Et49/1`. */
export function shortName(name: string): string {
  const family = FAMILIES.find((candidate) => name.startsWith(candidate.prefix))
  return family === undefined ? name : family.short + name.slice(family.prefix.length)
}

/**
 * The full name for what a person types: `et1`, `Eth49/1`, `po10`, `Port-Channel10`. Undefined when it is no interface
 * name, or when the letters fit more than one family (`v1`).
 */
export function fullName(typed: string): string | undefined {
  const [, letters = '', number = ''] = NAME.exec(typed) ?? []
  if (letters === '') return undefined
  const wanted = letters.toLowerCase()
  const fits = FAMILIES.filter((family) => family.prefix.toLowerCase().startsWith(wanted))
  return fits.length === 1 && fits[0] !== undefined ? fits[0].prefix + number : undefined
}

/** EOS order: by family, then by every number of the name. */
export function compareInterfaces(a: string, b: string): number {
  const byFamily = familyRank(a) - familyRank(b)
  if (byFamily !== 0) return byFamily
  const left = numbers(a)
  const right = numbers(b)
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}

function familyRank(name: string) {
  const rank = FAMILIES.findIndex((family) => name.startsWith(family.prefix))
  return rank < 0 ? FAMILIES.length : rank
}

function numbers(name: string) {
  return (name.match(/\d+/g) ?? []).map(Number)
}

/** The full names of a list that a person types: `Ethernet1-4,7`; undefined when one of them is no interface name. */
export function expandNames(typed: string): ReadonlySet<string> | undefined {
  const names = new Set<string>()
  let letters = ''
  for (const part of typed.split(',')) {
    const [, head = '', first = '', last = first] =
      /^([A-Za-z-]*?)((?:\d+\/)*\d+(?:\.\d+)?)(?:-(\d+))?$/.exec(part) ?? []
    if (head !== '') letters = head
    if (first === '' || letters === '') return undefined
    for (const number of sequence(first, last)) {
      const name = fullName(letters + number)
      if (name === undefined) return undefined
      names.add(name)
    }
  }
  return names
}

function sequence(first: string, last: string) {
  if (first === last) return [first]
  const [, head = '', start = ''] = /^(.*?)(\d+)$/.exec(first) ?? []
  const count = Number(last) - Number(start)
  return count < 0 ? [] : Array.from({ length: count + 1 }, (_, at) => head + String(Number(start) + at))
}
