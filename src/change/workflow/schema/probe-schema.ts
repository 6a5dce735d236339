import { z } from 'zod'
import type { Place } from '../../../model/error.ts'
import { formatAddress, parseIp } from '../../../model/ip-address.ts'
import { definedMembers } from '../../../model/json.ts'
import { isNameInCommand } from '../../../model/name-in-command.ts'
import { duration, shown } from '../../../text/source/duration.ts'
import { type LocatedValue, placeOf, textPlaceOf } from '../../../text/source/located.ts'

const MOST = 50

const NAME = '`vrf` must be a name, such as PROD, without blanks and | ; & < > $ `'

const address = z
  .string()
  .refine((text) => notPinged(text) === undefined, {
    error: ({ input }) => `\`to\` is ${notPinged(String(input)) ?? 'no IP address'}`,
    params: { hint: 'write the address of one host, such as 10.0.250.13 or 2001:db8::1' },
  })
  .transform(canonicalAddress)

const source = z
  .string()
  .max(40)
  .refine((text) => notPinged(text) === undefined || /^[A-Za-z][A-Za-z-]{1,20}\d[\d/.]{0,15}$/.test(text), {
    error: '`source` must be an address or an interface, such as Loopback0',
  })

const probe = z.strictObject({
  from: shown(z.string().min(1), 'The switches that ask: a name, or a selector as in `targets`.', 'leaf1'),
  to: shown(address, 'The address that must answer an echo request.', '10.0.250.13'),
  vrf: shown(
    z.string().max(100).refine(isNameInCommand, { error: NAME }).default('default'),
    'The VRF that they ask in.',
    'PROD',
  ),
  source: shown(source.optional(), 'The address or interface that they ask from.', 'Loopback0'),
  every: duration(1, 300, '1s').default(1).describe('How often.'),
})

/** `probe` of a workflow file. */
export const probeSchema = shown(
  z.array(probe).min(1).max(MOST).optional(),
  'Which addresses must answer which switches: asked by `ping` from the first timed commit to the end, so that the report says for how long users were cut off. Decides nothing.',
  [{ from: 'leaf1', to: '10.0.250.13', vrf: 'PROD' }],
)

export interface ProbeCall {
  readonly from: string
  readonly to: string
  readonly vrf: string
  readonly source?: string
  readonly every: number
  readonly at: Place
  readonly fromAt: Place
}

/** The entries of `probe`, each with its place. */
export function probeCalls(written: z.output<typeof probeSchema>, located: LocatedValue): readonly ProbeCall[] {
  return (written ?? []).map(({ source: own, ...entry }, index) => ({
    ...entry,
    ...definedMembers({ source: own }),
    at: placeOf(located, ['probe', index]),
    fromAt: textPlaceOf(located, ['probe', index, `from`]),
  }))
}

function canonicalAddress(text: string) {
  const ip = parseIp(text)
  return ip === undefined ? text : formatAddress(ip)
}

function notPinged(text: string): string | undefined {
  const ip = parseIp(text)
  if (ip === undefined || text.length > 45) return 'no IP address'
  if (ip.prefix !== undefined) return 'a prefix: only the address of one host can answer'
  return reserved(ip.version, ip.address)
}

function reserved(version: 4 | 6, address: bigint): string | undefined {
  const first = version === 4 ? address >> 24n : address >> 112n
  if (version === 4) {
    if (first === 0n || first >= 240n) return 'an address that no host has'
    return first >= 224n ? 'a multicast address: it says nothing of one host' : undefined
  }
  if (address === 0n) return 'an address that no host has'
  if (first >= 0xff00n) return 'a multicast address: it says nothing of one host'
  return first >= 0xfe80n && first <= 0xfebfn ? 'a link-local address: it needs an interface' : undefined
}
