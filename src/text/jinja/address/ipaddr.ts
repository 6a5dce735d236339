import { isTrue } from '../call/arguments.ts'
import { parsedFloat, parsedInt } from '../syntax/number.ts'
import { refused, sequenceOf, type Value, wrong } from '../value/value.ts'
import {
  type AddressQuery,
  addressText,
  atIndex,
  holdsNet,
  netOf,
  netText,
  parseNet,
  QUERIES,
  sizeOf,
} from './query.ts'

const DEPTH = 50

/** `ipaddr(value, query)` of ansible.utils 2: what is asked of an address or prefix; false for what is none. */
export function ipaddr(value: Value, query = '', version?: bigint, depth = 0): Value {
  const items = sequenceOf(value)
  if (items !== undefined) {
    if (depth > DEPTH) throw wrong('the list is nested too deep')
    return items.map((item) => ipaddr(item, query, version, depth + 1)).filter((found) => isTrue(found))
  }
  const asked = askedOf(value, version)
  if (asked === undefined) return false
  const network = Object.hasOwn(QUERIES, query) ? undefined : networkNamed(query)
  if (version !== undefined && version !== 0n && BigInt(asked.net.version) !== version) return false
  if (network !== undefined) return holdsNet(network, asked.net) ? asked.value : null
  const known = Object.hasOwn(QUERIES, query) ? QUERIES[query] : undefined
  return known === undefined ? numbered(asked, query) : known(asked)
}

function askedOf(value: Value, version: bigint | undefined): AddressQuery | undefined {
  if (!isTrue(value) || value === true) return undefined
  const written = typeof value === 'bigint' ? String(value) : value
  if (typeof written !== 'string') return undefined
  refuseOtherDigits(written)
  if (/^\d+$/.test(written)) {
    const net = ofNumber(BigInt(written), version)
    return net === undefined ? undefined : { net, isNetwork: false, value: netText(net) }
  }
  if (typeof value !== 'string') return undefined
  const net = parseNet(value)
  if (net !== undefined) return { net, isNetwork: value.split('/').length === 2, value }
  const numeric = numericPrefix(value)
  return numeric === undefined ? undefined : { net: numeric, isNetwork: true, value: netText(numeric) }
}

/** Python reads the digits of every script in a number, and those of ASCII alone in an address. */
export function refuseOtherDigits(text: string): void {
  if (/(?![0-9])\p{Nd}/u.test(text))
    throw refused('digits beyond 0 to 9 are not read in an address', 'write the digits 0 to 9')
}

function ofNumber(number: bigint, version: bigint | undefined) {
  const four = version === undefined || version === 0n || version === 4n ? netOf(4, number, 32) : undefined
  return four ?? netOf(6, number, 128)
}

function numericPrefix(value: string) {
  const [address, prefix, ...more] = value.split('/').map((part) => parsedInt(part, 10))
  if (address === undefined || prefix === undefined || more.length > 0) return undefined
  const length = Number(prefix)
  return netOf(4, address, length) ?? netOf(6, address, length)
}

function networkNamed(query: string) {
  if (query === '' || /^\d+$/.test(query)) return undefined
  return parseNet(query)
}

function numbered({ net, isNetwork, value }: AddressQuery, query: string): Value {
  if (parsedFloat(query) === undefined)
    throw wrong(`it does not know \`${query}\``, `it knows ${known()}, a number, or a network`)
  if (sizeOf(net) === 1n) return isNetwork ? netText(net) : addressText(net)
  const index = parsedInt(query, 10)
  const found = index === undefined ? undefined : atIndex(net, index)
  return found === undefined || value === '' ? false : `${addressText(found)}/${net.prefix}`
}

function known() {
  return Object.keys(QUERIES)
    .filter((name) => name !== '')
    .join(', ')
}
