/** How much of a configuration differs. */
export const KINDS = ['few', 'five-percent', 'half', 'rewrite', 'permuted'] as const

/**
 * The two forms real configurations grow in: `blocks` of interfaces (seven rows, one of them `!`) and BGP VRFs with
 * nested address families, and `flat` sections of static routes, VLAN-to-VNI lines and prefix lists.
 */
export const SHAPES = ['blocks', 'flat'] as const

type Kind = (typeof KINDS)[number]
type Shape = (typeof SHAPES)[number]

/** Distinct values among the permuted lines. */
const FEW_VALUES = 50

const CHANGED_SHARE: Readonly<Record<Kind, number>> = {
  few: 0,
  'five-percent': 0.05,
  half: 0.5,
  rewrite: 1,
  permuted: 0,
}

/** Two configurations of about `lines` lines that differ in the given way; the same every time. */
export function pairOf(lines: number, shape: Shape, kind: Kind): { before: string; after: string } {
  const random = generator(lines)
  const own = kind === 'permuted' ? lines / 2 : lines
  const entry = shape === 'blocks' ? interfaceAndVrf : flatLines
  const perEntry = entry(0, 0).length
  const before: string[] = ['! device: bench (vEOS-lab, EOS-4.32.1F)', '!', 'hostname bench', '!']
  const after = [...before]
  const entries = Math.floor(own / perEntry)
  const few = new Set(Array.from({ length: 10 }, () => Math.floor(random() * entries)))
  for (let n = 0; n < entries; n++) {
    const changed = few.has(n) || random() < CHANGED_SHARE[kind]
    before.push(...entry(n, 0))
    after.push(...entry(kind === 'rewrite' ? n + entries : n, changed ? 1 : 0))
  }
  if (kind === 'permuted') {
    const values = Array.from({ length: lines / 2 }, (_, n) => permutedLine(shape, n % FEW_VALUES))
    const parent = shape === 'blocks' ? ['ip access-list standard BENCH'] : []
    before.push(...parent, ...shuffled(values, random))
    after.push(...parent, ...shuffled(values, random))
  }
  return { before: `${before.join('\n')}\nend\n`, after: `${after.join('\n')}\nend\n` }
}

function permutedLine(shape: Shape, value: number): string {
  return shape === 'blocks' ? `   permit host 10.0.0.${value}` : `ip name-server vrf MGMT 10.0.0.${value}`
}

function interfaceAndVrf(n: number, version: number): string[] {
  const octets = `${(n >> 14) & 255}.${(n >> 6) & 255}.${(n & 63) * 4}`
  return [
    `interface Ethernet${(n >> 5) + 1}/${(n & 31) + 1}`,
    `   description ${version === 0 ? 'to' : 'towards'} leaf${n}`,
    '   mtu 9214',
    '   no switchport',
    `   ip address 10.${octets}/${30 + version}`,
    '   ip ospf network point-to-point',
    '!',
    `router ospf ${n + 1} vrf TENANT-${n}`,
    `   router-id 10.${octets}`,
    '   !',
    '   address-family ipv4',
    '      redistribute connected',
    `      distance ospf external ${110 + version}`,
    '   max-lsa 12000',
    '!',
  ]
}

function flatLines(n: number, version: number): string[] {
  const prefix = `${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
  return [
    `ip route vrf TENANT-${n % 40} 10.${prefix}/32 10.255.${version}.${n % 250}`,
    `ip prefix-list PL-${n % 40} seq ${n * 10 + 10} permit 10.${prefix}/32`,
    `ip host server-${n} 10.${prefix}`,
  ]
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const result = [...values]
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [one, other] = [result[i] as T, result[j] as T]
    result[i] = other
    result[j] = one
  }
  return result
}

/** Pseudo-random numbers in [0, 1) from a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
