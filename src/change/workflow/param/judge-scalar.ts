import { definedMembers } from '../../../model/defined-members.ts'
import { HIDDEN_CHARACTER } from '../../../model/hidden-character.ts'
import { formatIp, networkOf, parseIp } from '../../../model/ip-address.ts'
import type { Json } from '../../../model/json.ts'
import { formatRanges, parseVlans } from '../../../model/vlan-list.ts'
import type { Path } from '../../../text/source/located.ts'
import { show } from '../../../text/source/show.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { codePoint } from '../../../text/source/text.ts'
import { fittingText, matchesWhole } from './example-of.ts'
import type { ScalarParam } from './schema.ts'

interface Kind {
  readonly numbers: readonly [lowest: number, highest: number]
  // How many parts may follow the first: the slots, ports and lanes of `Ethernet3/49/1`.
  readonly parts?: number
  readonly divides?: true
}

const PORTS: Kind['numbers'] = [1, 99_999]

// The kinds of interface that EOS knows, as the running-config writes them. Ports are counted from 1 and Management0 is that of a container;
// Loopback2100 and Port-Channel999999 are the highest that recorded configurations have; VLANs are those of IEEE 802.1Q, in which 0 and 4095
// are reserved; there is one Vxlan and one Dps interface.
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

// The highest part of a port behind its first, and the highest sub-interface.
const HIGHEST_PART = 999
const HIGHEST_SUB_INTERFACE = 4094

const NAME = /^([A-Za-z-]+)(\d+)((?:\/\d+)*)(?:\.(\d+))?$/

function interfaceNameFault(text: string) {
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

function outOf(word: string, lowest: number, highest: number) {
  const range = lowest === highest ? `${word}${lowest} is the only one` : `${word}${lowest} to ${word}${highest}`
  return `is not the full name of an interface: ${range}, without zeros in front`
}

function isNumber(digits: string, lowest: number, highest: number) {
  return /^(?:0|[1-9]\d{0,5})$/.test(digits) && Number(digits) >= lowest && Number(digits) <= highest
}

function fullInterfaceName(text: string) {
  const [, word = '', numbers = ''] = /^([A-Za-z-]+)\s*(\d.*)$/.exec(text) ?? []
  const kinds = Object.keys(KINDS).filter((kind) => kind.toLowerCase().startsWith(word.toLowerCase()))
  const [full, other] = kinds
    .map((kind) => `${kind}${numbers}`)
    .filter((name) => interfaceNameFault(name) === undefined)
  return word === '' || other !== undefined ? undefined : full
}

export interface Misfit {
  readonly path: Path
  readonly message: string
  readonly hint: string
  readonly fitting?: string
}

export type ScalarJudgement =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly misfits: readonly [Misfit, ...Misfit[]] }

// The length of the longest text that may be in a command (docs/transport.md#what-people-write).
const MAX_LENGTH = 4096

/** Whether `text` may be in a command: no control, bidirectional or invisible characters, at most 4096 characters. */
export function textFault(text: string): string | undefined {
  const found = HIDDEN_CHARACTER.exec(text)
  if (found !== null) return `must be one line of plain text, without the invisible character ${codePoint(found[0])}`
  return text.length > MAX_LENGTH ? `must have at most ${MAX_LENGTH} characters` : undefined
}

/** `written`: how it is written, where that is a number that prints otherwise. */
export function judgeScalar(param: ScalarParam, value: Json, written: string | undefined): ScalarJudgement {
  if (param.type === 'integer') return judgeInteger(param, value, written)
  if (param.type === 'boolean')
    return typeof value === 'boolean' ? fits(value) : bad('must be true or false', 'write `true` or `false`')
  if (param.type === 'vlanRange') return judgeVlanRange(written ?? value)
  if (typeof value !== 'string') {
    const shown = written ?? show(value)
    return bad(`must be text, not ${shown}`, `put it in quotes: '${written ?? String(value)}'`)
  }
  const fault = textFault(value)
  if (fault !== undefined) return bad(fault, 'retype it')
  if (param.type === 'string') return judgeString(param, value)
  return param.type === 'interface' ? judgeInterface(value) : judgeIp(param, value)
}

function judgeInteger(
  { minimum = -Infinity, maximum = Infinity }: Extract<ScalarParam, { type: 'integer' }>,
  value: Json,
  written: string | undefined,
) {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    return bad(`must be a whole number, not ${written ?? show(value)}`, 'write it in digits, without quotes')
  }
  if (written !== undefined)
    return bad(
      `${written} is another way to write ${value}, and may be meant otherwise`,
      `write it in plain digits: ${value}`,
    )
  if (value < minimum) return bad(`must be at least ${minimum}, not ${value}`, `choose ${minimum} or more`)
  return value > maximum ? bad(`must be at most ${maximum}, not ${value}`, `choose ${maximum} or less`) : fits(value)
}

function judgeString(param: Extract<ScalarParam, { type: 'string' }>, value: string) {
  if (param.enum !== undefined && !param.enum.includes(value)) {
    return bad(`must be one of ${param.enum.join(', ')}`, didYouMean(value, param.enum))
  }
  if (param.maxLength !== undefined && value.length > param.maxLength) {
    return bad(`must have at most ${param.maxLength} characters, not ${value.length}`, 'shorten it')
  }
  return param.pattern === undefined ? fits(value) : judgePattern(param.pattern, value, param.example ?? param.default)
}

function judgePattern(pattern: string, value: string, example: string | undefined) {
  const matches = matchesWhole(pattern, value)
  if (matches === true) return fits(value)
  const isExample = example !== undefined && example !== value
  const fitting = isExample ? example : fittingText(pattern, value)
  if (matches === false) {
    const mend = fitting === undefined ? 'the pattern says which characters there may be' : `for example \`${fitting}\``
    return bad(`${show(value)} does not match ${pattern}`, mend, fitting)
  }
  return bad(
    `takes too many steps to match with ${pattern}`,
    'write the pattern with smaller counts and without references to its groups, or give a shorter text',
  )
}

function judgeInterface(value: string) {
  const fault = interfaceNameFault(value)
  if (fault === undefined) return fits(value)
  const meant = fullInterfaceName(value)
  return bad(
    `${show(value)} ${fault}`,
    meant === undefined
      ? 'write it as the running-config does: Ethernet1, Ethernet49/1, Port-Channel10, Vlan110'
      : `did you mean ${meant}?`,
  )
}

type IpParam = Extract<ScalarParam, { type: 'ipAddress' | 'ipPrefix' | 'ipInterface' }>

function judgeIp(param: IpParam, value: string) {
  const ip = parseIp(value)
  const wantsPrefix = param.type !== 'ipAddress'
  if (ip === undefined || (param.version ?? ip.version) !== ip.version || (ip.prefix !== undefined) !== wantsPrefix) {
    return notIp(param, value)
  }
  const network = formatIp(networkOf(ip))
  if (param.type === 'ipPrefix' && network !== formatIp(ip)) {
    return bad(`${show(value)} is an address inside a prefix`, `did you mean ${network}?`)
  }
  return fits(formatIp(ip))
}

const IP_WORDS = {
  ipAddress: ['address', '10.0.0.1', '2001:db8::1'],
  ipPrefix: ['prefix', '10.0.0.0/24', '2001:db8::/64'],
  ipInterface: ['address with prefix length', '10.0.0.1/24', '2001:db8::1/64'],
} as const

function notIp({ type, version }: IpParam, value: string) {
  const [what, example4, example6] = IP_WORDS[type]
  const family = version === undefined ? 'IP' : `IPv${version}`
  return bad(`${show(value)} is not an ${family} ${what}`, `for example ${version === 6 ? example6 : example4}`)
}

// YAML reads `010` as 8, or as 10 where it is quoted: a number with a zero in front is refused.
const TYPED = { spaces: true, zeros: false } as const

function judgeVlanRange(value: Json) {
  const vlans = typeof value === 'string' || typeof value === 'number' ? parseVlans(String(value), TYPED) : undefined
  return vlans === undefined
    ? bad(`${show(value)} is not a range of VLANs from 1 to 4094`, 'for example 110-112,120')
    : fits(formatRanges(vlans))
}

export function fits(value: Json): ScalarJudgement {
  return { ok: true, value }
}

export function bad(message: string, hint: string, fitting?: string): ScalarJudgement {
  return { ok: false, misfits: [{ path: [], message, hint, ...definedMembers({ fitting }) }] }
}

const MOST_MISFITS = 100

export function judgementOf(misfits: readonly Misfit[], value: Json): ScalarJudgement {
  const [first, ...rest] = misfits
  if (first === undefined) return fits(value)
  if (rest.length < MOST_MISFITS) return { ok: false, misfits: [first, ...rest] }
  const told = rest.slice(0, MOST_MISFITS - 1)
  const more = `has ${misfits.length - MOST_MISFITS} values more that do not fit`
  return { ok: false, misfits: [first, ...told, { path: [], message: more, hint: 'mend these first' }] }
}
