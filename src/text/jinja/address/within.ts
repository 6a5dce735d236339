import { isTrue } from '../call/compare.ts'
import { wrong } from '../value/fault.ts'
import type { Value } from '../value/value.ts'
import { ipaddr } from './ipaddr.ts'
import { firstOf, netText, parseNet } from './net.ts'
import { normalized } from './subnet.ts'

/** An address or prefix in its plain form as these filters take it: false for what is none. */
function plain(value: Value): Value {
  const net = normalized(value)
  return net === undefined ? false : netText({ ...net, address: firstOf(net) })
}

/** What the first query that has an answer says, as a number; 0 where none has. */
function numbered(value: Value, ...queries: readonly string[]): bigint {
  for (const query of queries) {
    const answer = ipaddr(value, query)
    if (!isTrue(answer)) continue
    const number = ipaddr(answer, 'int')
    if (typeof number !== 'bigint') throw wrong('this is no address')
    return number
  }
  return 0n
}

/** Whether all addresses of `test` lie between two addresses of `value`. */
function isBetween(test: Value, first: bigint, last: bigint): boolean {
  const own = plain(test)
  const from = numbered(own, 'network', 'address')
  const to = numbered(own, 'broadcast', 'address')
  return first <= from && from <= last && first <= to && to <= last
}

/** `network_in_network(value, test)` of ansible.utils 2. */
export const networkInNetwork = (value: Value, test: Value): boolean => insideOf(value)(test)

/** `network_in_network` of one network, which is read once for all that are compared with it. */
export function insideOf(value: Value): (test: Value) => boolean {
  const own = plain(value)
  const [first, last] = [numbered(own, 'network', 'address'), numbered(own, 'broadcast', 'address')]
  return (test) => isBetween(test, first, last)
}

/** `network_in_usable(value, test)` of ansible.utils 2. */
export function networkInUsable(value: Value, test: Value): boolean {
  const own = plain(value)
  return isBetween(test, numbered(own, 'first_usable', 'address'), numbered(own, 'last_usable', 'address'))
}

/** A prefix as it is written; throws for what is none. */
export function readNet(value: string): NonNullable<ReturnType<typeof parseNet>> {
  const net = parseNet(value)
  if (net === undefined) throw wrong(`\`${value}\` is not an IP address or prefix`)
  return net
}
