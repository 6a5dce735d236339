import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { flagsTold } from './flag.ts'
import { squeezed } from './squeezed.ts'

/** The multiprotocol capabilities by the names that EOS has for them (ANTA documentation, input types). */
const NAMES = [
  'dps',
  'ipv4Unicast',
  'ipv6Unicast',
  'ipv4Multicast',
  'ipv6Multicast',
  'ipv4MplsLabels',
  'ipv6MplsLabels',
  'ipv4SrTe',
  'ipv6SrTe',
  'ipv4MplsVpn',
  'ipv6MplsVpn',
  'ipv4FlowSpec',
  'ipv6FlowSpec',
  'ipv4FlowSpecVpn',
  'ipv6FlowSpecVpn',
  'l2VpnVpls',
  'l2VpnEvpn',
  'linkState',
  'rtMembership',
  'ipv4Mvpn',
] as const

/** Names that the configuration has for a capability and the answers of the switch do not. */
const ALIASES: Readonly<Record<string, string>> = {
  dynamicpathselection: 'dps',
  ipv4labeledunicast: 'ipv4MplsLabels',
  ipv6labeledunicast: 'ipv6MplsLabels',
}

const bySqueezed = once(
  () => new Map([...NAMES.map((name): [string, string] => [squeezed(name), name]), ...Object.entries(ALIASES)]),
)

/** A multiprotocol capability, in any case and with any of the separators `-`, `_` and space: `IPv4 labeled-Unicast`. */
export const multiprotocolCapability = once(() =>
  z
    .string()
    .transform((written) => bySqueezed().get(squeezed(written)) ?? written)
    .pipe(z.enum(NAMES, { error: `expected a BGP capability: ${NAMES.join(', ')}` })),
)

/** Whether both sides have the capability, and it is in use. */
export function isNegotiated(capability: Readonly<Record<string, boolean>>): boolean {
  return ['advertised', 'received', 'enabled'].every((stage) => capability[stage] === true)
}

/** What keeps a capability from being in use: it is missing, or one side does not have it. */
export function capabilityFaults(
  what: string,
  capability: Readonly<Record<string, boolean>> | undefined,
): readonly [] | readonly [string] {
  if (capability === undefined) return [`${what} not found`]
  return isNegotiated(capability) ? [] : [`${what} not negotiated - ${flagsTold(capability)}`]
}
