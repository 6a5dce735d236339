import type { LookupAddress, LookupOptions } from 'node:dns'
import { BlockList, isIPv6, type LookupFunction } from 'node:net'
import { EosflowError } from '../../../model/error.ts'

// Addresses that no name of a service stands for: this machine, this network, link-local ones with the metadata services of clouds among them,
// multicast and broadcast (RFC 6890).
const NOWHERE = new BlockList()
NOWHERE.addSubnet('0.0.0.0', 8, 'ipv4')
NOWHERE.addSubnet('127.0.0.0', 8, 'ipv4')
NOWHERE.addSubnet('169.254.0.0', 16, 'ipv4')
// Metadata services outside of link-local, as their providers document them: Alibaba Cloud, Azure (its host agent), Oracle Cloud,
// Scaleway, Google Cloud, and AWS over IPv6 with its DNS and time beside it.
NOWHERE.addAddress('100.100.100.200', 'ipv4')
NOWHERE.addAddress('168.63.129.16', 'ipv4')
NOWHERE.addSubnet('192.0.0.0', 24, 'ipv4')
NOWHERE.addSubnet('fd00:c1::', 32, 'ipv6')
NOWHERE.addAddress('fd00:42::42', 'ipv6')
NOWHERE.addSubnet('fd20:ce::', 32, 'ipv6')
NOWHERE.addSubnet('fd00:ec2::', 32, 'ipv6')
NOWHERE.addSubnet('224.0.0.0', 3, 'ipv4')
NOWHERE.addSubnet('::', 127, 'ipv6')
NOWHERE.addSubnet('fe80::', 10, 'ipv6')
NOWHERE.addSubnet('ff00::', 8, 'ipv6')

// Ways to write an IPv4 address inside an IPv6 one, beside the mapped form that BlockList knows: NAT64 (RFC 6052) and compatible (RFC 4291).
const CARRIERS: readonly string[] = ['64:ff9b::', '::']

/** Whether an address that a name was resolved to may be connected to; IPv4 inside IPv6 is judged as IPv4. */
export function isService(address: string): boolean {
  if (!isIPv6(address)) return !NOWHERE.check(address, 'ipv4')
  const carried = carriedIpv4(address)
  return !NOWHERE.check(address, 'ipv6') && (carried === undefined || !NOWHERE.check(carried, 'ipv4'))
}

function carriedIpv4(address: string) {
  // A URL writes the address in its shortest form (RFC 5952), whatever form it came in.
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [, carrier = '', high = '', low = ''] = /^(.*::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? []
  if (!CARRIERS.includes(carrier)) return undefined
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [upper >> 8, upper & 255, lower >> 8, lower & 255].join('.')
}

export type ResolveName = (
  host: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/** Resolves the name of a service, and refuses it with `guard` unless {@link isService} holds for each of its addresses: who answers for the name cannot turn a request to this machine or to a metadata service. The connection uses what was judged here, so that a second answer changes nothing (DNS rebinding). */
export function guardedLookup(resolve: ResolveName): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '')
      const isMeant = host.toLowerCase() === 'localhost'
      const [first] = found
      if (first === undefined || (!isMeant && !found.every(({ address }) => isService(address)))) {
        return callback(refused(host, found), '')
      }
      return options.all === true ? callback(null, found) : callback(null, first.address, first.family)
    })
  }
}

function refused(host: string, found: readonly LookupAddress[]) {
  const addresses = found.map(({ address }) => address).join(', ')
  const message = `${host} is resolved to ${addresses}, which is no address of a service; nothing was sent`
  return new EosflowError('guard', message, {
    hint: 'If this machine is meant, write its address under http: hosts: in eosflow.yaml.',
    fault: { name: 'States.Permissions', cause: message },
  })
}
