import { bitsOf } from '../../../model/ip-address.ts'
import { wrong } from '../value/fault.ts'
import { addressText, firstOf, lastAddressOf, type Net, netText } from './net.ts'

interface Span {
  readonly version: 4 | 6
  first: bigint
  last: bigint
  only: Net | undefined
}

export function mergedNets(nets: readonly Net[]): string[] {
  const spans: Span[] = []
  const sorted = nets.toSorted(
    (a, b) => a.version - b.version || compare(firstOf(a), firstOf(b)) || compare(lastAddressOf(b), lastAddressOf(a)),
  )
  for (const net of sorted) {
    const before = spans.at(-1)
    const [first, last] = [firstOf(net), lastAddressOf(net)]
    if (before !== undefined && before.version === net.version && first <= before.last + 1n) {
      if (last > before.last) before.last = last
      before.only = undefined
    } else spans.push({ version: net.version, first, last, only: net })
  }
  return spans.flatMap((span) => (span.only === undefined ? prefixesOf(span) : [netText(span.only)]))
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function prefixesOf({ version, first, last }: Span) {
  const bits = bitsOf({ version })
  const prefixes: string[] = []
  for (let from = first; from <= last; ) {
    let length = bits
    while (
      length > 0 &&
      from % (1n << BigInt(bits - length + 1)) === 0n &&
      from + (1n << BigInt(bits - length + 1)) - 1n <= last
    )
      length -= 1
    prefixes.push(`${addressText({ version, address: from })}/${length}`)
    from += 1n << BigInt(bits - length)
  }
  return prefixes
}

export function spanningNet(nets: readonly Net[]): string {
  const [one] = nets
  if (one === undefined || nets.some(({ version }) => version !== one.version))
    throw wrong('IPv4 and IPv6 have no prefix in common')
  const order = (a: Net, b: Net) =>
    compare(firstOf(a), firstOf(b)) || a.prefix - b.prefix || compare(a.address, b.address)
  const sorted = nets.toSorted(order)
  const lowest = sorted[0] ?? one
  const highest = sorted.at(-1) ?? one
  const bits = bitsOf(one)
  let prefix = highest.prefix
  let address = lastAddressOf(highest)
  while (prefix > 0 && address > firstOf(lowest)) {
    prefix -= 1
    const size = BigInt(bits - prefix)
    address = (address >> size) << size
  }
  return `${addressText({ version: one.version, address })}/${prefix}`
}
