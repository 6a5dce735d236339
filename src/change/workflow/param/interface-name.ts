/** The numbers that the interfaces of one kind have. */
interface Kind {
  /** The lowest and the highest number: of a port its first part. */
  readonly numbers: readonly [lowest: number, highest: number]
  /** How many parts may follow the first: the slots, ports and lanes of `Ethernet3/49/1`. */
  readonly parts?: number
  /** Whether it may be divided: `Ethernet1.100`. */
  readonly divides?: true
}

const PORTS: Kind['numbers'] = [1, 99_999]

/**
 * The kinds of interface that EOS knows, as the running-config writes them. Ports are counted from 1 and Management0 is that of
 * a container; Loopback2100 and Port-Channel999999 are the highest that recorded configurations have; VLANs are those of IEEE
 * 802.1Q, in which 0 and 4095 are reserved; there is one Vxlan and one Dps interface.
 */
const KINDS: Readonly<Record<string, Kind>> = {
  Ethernet: { numbers: PORTS, parts: 3, divides: true },
  UnconnectedEthernet: { numbers: PORTS, parts: 3 },
  Fabric: { numbers: PORTS, parts: 3 },
  Management: { numbers: [0, 99_999], parts: 1 },
  'Port-Channel': { numbers: [1, 999_999], divides: true },
  'Recirc-Channel': { numbers: [1, 999_999] },
  Loopback: { numbers: [0, 2100] },
  Vlan: { numbers: [1, 4094] },
  Vxlan: { numbers: [1, 1] },
  Dps: { numbers: [1, 1] },
  Tunnel: { numbers: [0, 99_999] },
}

/** The highest part of a port behind its first, and the highest sub-interface. */
const HIGHEST_PART = 999
const HIGHEST_SUB_INTERFACE = 4094

const NAME = /^([A-Za-z-]+)(\d+)((?:\/\d+)*)(?:\.(\d+))?$/

/**
 * Why a text is not the name of an interface as the running-config writes it, or undefined where it is one. A number has no
 * zeros in front: Ethernet01 is another text than the switch shows.
 */
export function interfaceNameFault(text: string): string | undefined {
  const [, word = '', first = '', rest = '', sub] = NAME.exec(text) ?? []
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined
  if (kind === undefined) return 'is not the full name of an interface'
  const [lowest, highest] = kind.numbers
  if (!isNumber(first, lowest, highest)) return outOf(word, lowest, highest)
  const parts = rest.split('/').slice(1)
  if (parts.length > (kind.parts ?? 0)) return `is not the full name of an interface: ${word} has fewer parts`
  if (!parts.every((part) => isNumber(part, 1, HIGHEST_PART)))
    return `is not the full name of an interface: the parts of a port are 1 to ${HIGHEST_PART}, without zeros in front`
  if (sub === undefined) return undefined
  if (kind.divides !== true) return `is not the full name of an interface: ${word} has no sub-interfaces`
  return isNumber(sub, 1, HIGHEST_SUB_INTERFACE)
    ? undefined
    : `is not the full name of an interface: sub-interfaces are 1 to ${HIGHEST_SUB_INTERFACE}, without zeros in front`
}

function outOf(word: string, lowest: number, highest: number): string {
  const range = lowest === highest ? `${word}${lowest} is the only one` : `${word}${lowest} to ${word}${highest}`
  return `is not the full name of an interface: ${range}, without zeros in front`
}

function isNumber(digits: string, lowest: number, highest: number): boolean {
  return /^(?:0|[1-9]\d{0,5})$/.test(digits) && Number(digits) >= lowest && Number(digits) <= highest
}

/** The full name that a shortened one most likely means, as `Po1` means Port-Channel1. */
export function fullInterfaceName(text: string): string | undefined {
  const [, word = '', numbers = ''] = /^([A-Za-z-]+)\s*(\d.*)$/.exec(text) ?? []
  const kinds = Object.keys(KINDS).filter((kind) => kind.toLowerCase().startsWith(word.toLowerCase()))
  const [full, other] = kinds
    .map((kind) => `${kind}${numbers}`)
    .filter((name) => interfaceNameFault(name) === undefined)
  return word === '' || other !== undefined ? undefined : full
}
