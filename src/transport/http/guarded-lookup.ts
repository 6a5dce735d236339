import { type LookupAddress, lookup } from 'node:dns'
import { BlockList, isIPv6, type LookupFunction } from 'node:net'
import { EosflowError } from '../../model/error.ts'

/**
 * Addresses that no name of a service stands for: this machine, this network, link-local ones with the metadata
 * services of clouds among them, multicast and broadcast (RFC 6890). A private network is where most services are.
 */
const NOWHERE = new BlockList()
NOWHERE.addSubnet('0.0.0.0', 8, 'ipv4')
NOWHERE.addSubnet('127.0.0.0', 8, 'ipv4')
NOWHERE.addSubnet('169.254.0.0', 16, 'ipv4')
NOWHERE.addSubnet('224.0.0.0', 3, 'ipv4')
NOWHERE.addSubnet('::', 127, 'ipv6')
NOWHERE.addSubnet('fe80::', 10, 'ipv6')
NOWHERE.addSubnet('ff00::', 8, 'ipv6')
NOWHERE.addSubnet('64:ff9b::', 96, 'ipv6')

/** Whether an address that a name was resolved to may be connected to; IPv4 inside IPv6 is judged as IPv4. */
export function isService(address: string): boolean {
  return !NOWHERE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/**
 * Resolves the name of a service and gives only addresses that {@link isService} holds for: who answers for the name
 * cannot turn a request to this machine or to a metadata service. The connection uses what was judged here, so that a
 * second answer changes nothing (DNS rebinding). An operator who means this machine writes its address or `localhost`.
 */
export const guardedLookup: LookupFunction = (host, options, callback) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, [])
    const good = host.toLowerCase() === 'localhost' ? found : found.filter(({ address }) => isService(address))
    if (good.length < found.length || good.length === 0) return callback(refused(host, found), [])
    const [first] = good
    if (options.all === true || first === undefined) return callback(null, [...good])
    return callback(null, first.address, first.family)
  })
}

function refused(host: string, found: readonly LookupAddress[]): EosflowError {
  const addresses = found.map(({ address }) => address).join(', ')
  const message = `${host} is resolved to ${addresses}, which is no address of a service; nothing was sent`
  return new EosflowError('guard', message, {
    hint: 'If this machine is meant, write its address under http: hosts: in eosflow.yaml.',
    fault: { name: 'States.Permissions', cause: message },
  })
}
