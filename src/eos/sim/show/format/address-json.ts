import { definedMembers } from '../../../../model/defined-members.ts'
import { formatAddress, formatIp, networkOf, parseIp } from '../../../../model/ip-address.ts'
import type { JsonObject } from '../../../../model/json.ts'
import type { InterfaceAddress, InterfaceAddresses } from '../../converge/network-state.ts'
import { objectOf } from './define.ts'

/**
 * The addresses of a routed interface as `show interfaces` and `show ip interface` print them. The broadcast address is
 * 255.255.255.255 on every recorded switch (docs/eos.md 7.1).
 */
export function addressesJson(addresses: InterfaceAddresses): JsonObject {
  const { primary, secondary, virtual, virtualSecondary, unnumbered, dhcp } = addresses
  return {
    primaryIp: addressJson(primary),
    secondaryIps: byAddress(secondary),
    secondaryIpsOrderedList: secondary.map(addressJson),
    virtualIp: addressJson(virtual),
    virtualSecondaryIps: byAddress(virtualSecondary),
    virtualSecondaryIpsOrderedList: virtualSecondary.map(addressJson),
    broadcastAddress: '255.255.255.255',
    dhcp,
    ...definedMembers({ unnumberedIntf: unnumbered }),
  }
}

function addressJson(address: InterfaceAddress | undefined): JsonObject {
  return { address: address?.address ?? '0.0.0.0', maskLen: address?.maskLen ?? 0 }
}

function byAddress(addresses: readonly InterfaceAddress[]): JsonObject {
  return objectOf(addresses, (address) => [address.address, addressJson(address)])
}

/** The IPv6 addresses of a configuration as `show ipv6 interface` and `show interfaces` print them. */
export function globalAddresses(configured: readonly string[], flags: JsonObject): readonly JsonObject[] {
  return configured.flatMap((text) => {
    const ip = parseIp(text)
    return ip === undefined ? [] : [{ address: formatAddress(ip), subnet: formatIp(networkOf(ip)), ...flags }]
  })
}
