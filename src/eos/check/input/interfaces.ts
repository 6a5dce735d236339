import { z } from 'zod'
import { once } from '../../../model/once.ts'

// The kinds that a catalog may write by their beginning, whatever follows it: `et1`, `eth1`, `PortChannel100`, `lo0`, `vl110`.
const SHORTENED = [
  ['et', 'Ethernet'],
  ['po', 'Port-Channel'],
  ['lo', 'Loopback'],
  ['vl', 'Vlan'],
] as const

const KINDS = [
  'Dps',
  'Ethernet',
  'Fabric',
  'Loopback',
  'Management',
  'Port-Channel',
  'Recirc-Channel',
  'Tunnel',
  'Vlan',
  'Vxlan',
] as const

const BY_LOWER_CASE = new Map<string, string>(KINDS.map((kind) => [kind.toLowerCase(), kind]))

/** The name as EOS writes it: `et1` and `ethernet1` are `Ethernet1`. */
export function interfaceNameOf(written: string): string {
  const text = written.trim()
  const lower = text.toLowerCase()
  const number = /\d+(?:\/\d+)*(?:\.\d+)?/.exec(text)?.[0]
  const [, shortened] = SHORTENED.find(([beginning]) => lower.startsWith(beginning)) ?? []
  if (shortened !== undefined && number !== undefined) return `${shortened}${number}`
  const [, letters = '', rest = ''] = /^([a-z-]+?)\s*(\d.*)?$/.exec(lower) ?? []
  const kind = BY_LOWER_CASE.get(letters)
  return kind === undefined ? written : `${kind}${rest}`
}

const named = (pattern: RegExp, example: string) =>
  z
    .string()
    .transform(interfaceNameOf)
    .refine((name) => pattern.test(name), { error: `expected an interface, such as ${example}` })

const NUMBER = String.raw`\d+(?:\/\d+)*(?:\.\d+)?`

/** Any interface of EOS: `Ethernet1/1`, `Port-Channel5.100`, `Vlan10`, `Loopback0`. */
export const interfaceName = once(() => named(new RegExp(`^(?:${KINDS.join('|')})${NUMBER}$`), 'Ethernet1'))

export const ethernetInterface = once(() => named(/^Ethernet\d+(?:\/\d+){0,2}(?:\.\d+)?$/, 'Ethernet1'))

export const managementInterface = once(() => named(/^Management\d+(?:\/\d+){0,2}$/, 'Management1'))

export const portChannelInterface = once(() => named(/^Port-Channel\d{1,6}(?:\.\d+)?$/, 'Port-Channel5'))

/** A source interface of VXLAN: a loopback, or Dps1. */
export const vxlanSourceInterface = once(() => named(/^(?:Dps1|Loopback\d{1,4})$/, 'Loopback1'))

/** A kind of interface: `Ethernet`, `Loopback`. */
export const interfaceKind = once(() =>
  z
    .string()
    .transform((written) => BY_LOWER_CASE.get(written.trim().toLowerCase()) ?? written)
    .pipe(z.enum(KINDS, { error: `expected a kind of interface: ${KINDS.join(', ')}` })),
)
