import { HIDDEN_CHARACTER } from '../../../model/hidden-character.ts'
import { formatIp, networkOf, parseIp } from '../../../model/ip-address.ts'
import { definedMembers, isJsonObject, type Json, type JsonObject, ownMember } from '../../../model/json.ts'
import { formatRanges, parseVlans } from '../../../model/vlan-list.ts'
import { codePoint, type Path } from '../../../text/source/located.ts'
import { show } from '../../../text/source/show.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { exampleOf, fittingText, matchesWhole } from './example-of.ts'
import {
  MOST_TABLE_ROWS,
  type ObjectParam,
  type Param,
  type RecordMember,
  type ScalarParam,
  type TableParam,
} from './schema.ts'

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
  const kind = ownMember(KINDS, word)
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

function judgementOf(misfits: readonly Misfit[], value: Json): ScalarJudgement {
  const [first, ...rest] = misfits
  if (first === undefined) return fits(value)
  if (rest.length < MOST_MISFITS) return { ok: false, misfits: [first, ...rest] }
  const told = rest.slice(0, MOST_MISFITS - 1)
  const more = `has ${misfits.length - MOST_MISFITS} values more that do not fit`
  return { ok: false, misfits: [first, ...told, { path: [], message: more, hint: 'mend these first' }] }
}

/** How a value, or the part of it at a path, is written, where that is a number that prints otherwise. */
export type NumberText = (path?: Path) => string | undefined

/** Addresses and VLAN ranges come out in the form in which EOS prints them; a number that is written otherwise than it prints is never taken for what it prints. */
export function judgeParam(param: Param, value: Json, written: NumberText = () => undefined): ScalarJudgement {
  switch (param.type) {
    case 'list':
      return judgeList(param, value, written)
    case 'table':
      return judgeTable(param, value, written)
    case 'object':
      return judgeObject(param, value, written)
    default:
      return judgeScalar(param, value, written())
  }
}

function judgeList(param: Extract<Param, { type: 'list' }>, value: Json, written: NumberText) {
  if (!Array.isArray(value)) {
    const fitting = listOf(param, value)
    return bad(`must be a list, not ${show(value)}`, `for example \`${fitting}\``, fitting)
  }
  if (value.length < (param.minItems ?? 0))
    return bad(`must have at least ${param.minItems} items`, 'add what is missing')
  if (value.length > (param.maxItems ?? 4096))
    return bad(`must have at most ${param.maxItems ?? 4096} items`, 'shorten the list')
  const items: Json[] = []
  const misfits: Misfit[] = []
  for (const [index, item] of (value as readonly Json[]).entries()) {
    const judged = judgeScalar(param.items, item, written([index]))
    if (judged.ok) items.push(judged.value)
    else misfits.push(...judged.misfits.map((one) => ({ ...one, path: [index] })))
  }
  return judgementOf(misfits, items)
}

function listOf({ items }: Extract<Param, { type: 'list' }>, value: Json) {
  const words = typeof value === 'string' ? value.split(/[\s,]+/).filter((word) => word !== '') : [value]
  const given = words.map((word) => judgeScalar(items, word, undefined))
  const fits = given.length > 0 && given.every(({ ok }) => ok)
  return `[${fits ? words.map(String).join(', ') : exampleOf(items)}]`
}

// How the part of a value at a path is written, where that is a number that prints otherwise.
type WrittenAt = (path: Path) => string | undefined

// Judges a list of records, each by the columns; rows of the same key are said at the second one.
function judgeTable(param: TableParam, value: Json, written: WrittenAt) {
  if (!Array.isArray(value))
    return bad('must be a list of rows', 'for example `[{ port: Ethernet1, vlan: 110 }]`, or a CSV file: @FILE')
  const { minRows = 0, maxRows = MOST_TABLE_ROWS } = param
  if (value.length < minRows)
    return bad(`must have at least ${minRows} rows, not ${value.length}`, 'add what is missing')
  if (value.length > maxRows) return bad(`must have at most ${maxRows} rows, not ${value.length}`, 'split the table')
  const rows: Json[] = []
  const misfits: Misfit[] = []
  for (const [index, row] of (value as readonly Json[]).entries()) {
    const judged = judgeMembers(param.columns, row, (path) => written([index, ...path]), 'column')
    if (judged.ok) rows.push(judged.value)
    else misfits.push(...judged.misfits.map((one) => ({ ...one, path: [index, ...one.path] })))
  }
  return judgementOf(misfits.length > 0 ? misfits : sameKeys(param, rows as readonly JsonObject[]), rows)
}

function judgeObject({ properties }: ObjectParam, value: Json, written: WrittenAt) {
  if (properties !== undefined) return judgeMembers(properties, value, written, 'property')
  if (!isJsonObject(value)) return bad('must be a mapping', 'for example `{ area: 0, networks: [10.0.0.0/24] }`')
  return judgementOf([...anyMisfits(value, [], written)], value)
}

type Members = Readonly<Record<string, RecordMember>>

function judgeMembers(members: Members, value: Json, written: WrittenAt, what: string) {
  if (!isJsonObject(value))
    return bad(`must be a mapping with ${Object.keys(members).join(', ')}`, 'for example `{ name: value }`')
  const judged: [string, Json][] = []
  const misfits: Misfit[] = []
  for (const [name, member] of Object.entries(members)) {
    const made = judgeMember(name, member, Object.hasOwn(value, name) ? value[name] : undefined, written)
    if (!made.ok) misfits.push(...made.misfits)
    else if (made.value !== null) judged.push([name, made.value])
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(members, name)) continue
    misfits.push({
      path: [name],
      message: `there is no ${what} \`${name}\``,
      hint: didYouMean(name, Object.keys(members)),
    })
  }
  return judgementOf(misfits, Object.fromEntries(judged))
}

function judgeMember(name: string, member: RecordMember, value: Json | undefined, written: WrittenAt): ScalarJudgement {
  const given = value === undefined ? member.default : value
  if (given === undefined) {
    return member.optional === true
      ? fits(null)
      : bad(`\`${name}\` is not given`, `give it, or let the workflow say \`optional: true\``)
  }
  const judged = judgeScalar(member, given, value === undefined ? undefined : written([name]))
  return judged.ok ? judged : { ok: false, misfits: [{ ...judged.misfits[0], path: [name] }] }
}

function sameKeys({ key }: TableParam, rows: readonly JsonObject[]): readonly Misfit[] {
  if (key === undefined) return []
  const columns = [key].flat()
  const seen = new Map<string, number>()
  return rows.flatMap((row, index): Misfit[] => {
    const values = columns.map((column) => row[column] ?? null)
    const word = JSON.stringify(values)
    const first = seen.get(word)
    seen.set(word, first ?? index)
    if (first === undefined) return []
    const path = [index, columns[0] ?? '']
    return [
      { path, message: `${values.join(', ')} is in row ${first + 1} already`, hint: 'delete one of the two rows' },
    ]
  })
}

function* anyMisfits(value: Json, path: Path, written: WrittenAt): Iterable<Misfit> {
  const as = written(path)
  if (as !== undefined)
    yield { path, message: `${as} is another way to write ${value}`, hint: `write ${value}, or put it in quotes` }
  const fault = typeof value === 'string' ? textFault(value) : undefined
  if (fault !== undefined) yield { path, message: fault, hint: 'retype it' }
  const members: readonly (readonly [string | number, Json])[] = Array.isArray(value)
    ? (value as readonly Json[]).map((item, index) => [index, item] as const)
    : isJsonObject(value)
      ? Object.entries(value)
      : []
  for (const [name, member] of members) {
    const bad = typeof name === 'string' ? textFault(name) : undefined
    if (bad !== undefined) yield { path, message: `a name in it ${bad}`, hint: 'retype it' }
    yield* anyMisfits(member, [...path, name], written)
  }
}
