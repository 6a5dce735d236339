import { z } from 'zod'
import { formatAddress, ipv4Number, parseIp } from '../../../model/ip-address.ts'
import { once } from '../../../model/once.ts'

/** An IPv4 address. */
export const ipv4 = once(() => z.ipv4({ error: 'expected an IPv4 address, such as 10.0.0.1' }))

/** An IPv6 address, in the compressed lower-case form that EOS prints (RFC 5952). */
export const ipv6 = once(() =>
  z.ipv6({ error: 'expected an IPv6 address, such as 2001:db8::1' }).transform(compressedIpv6),
)

/** An IPv4 or IPv6 address. */
export const ipAddress = once(() => z.union([ipv4(), ipv6()], { error: 'expected an IP address, such as 10.0.0.1' }))

/** An IPv4 prefix, host bits cleared: `10.0.0.0/24`; an address alone is a /32. */
export const ipv4Prefix = once(() =>
  z
    .string()
    .transform((text) => (text.includes('/') ? text : `${text}/32`))
    .pipe(z.cidrv4({ error: 'expected an IPv4 prefix, such as 10.0.0.0/24' }))
    .refine(hasNoHostBits, { error: 'the prefix has bits of a host set' }),
)

/** An IPv4 address with the length of its network: `10.0.0.1/31`. */
export const ipv4WithLength = once(() =>
  z.cidrv4({ error: 'expected an address with its length, such as 10.0.0.1/31' }),
)

/** An IPv6 prefix, its address as {@link ipv6} has it: `2001:db8::/64`; an address alone is a /128. */
export const ipv6Prefix = once(() =>
  z
    .string()
    .transform((text) => (text.includes('/') ? text : `${text}/128`))
    .pipe(z.cidrv6({ error: 'expected an IPv6 prefix, such as 2001:db8::/64' }))
    .transform(compressedPrefix),
)

/** An IPv4 or IPv6 prefix. */
export const ipPrefix = once(() =>
  z.union([ipv4Prefix(), ipv6Prefix()], { error: 'expected a prefix, such as 10.0.0.0/24 or 2001:db8::/64' }),
)

/** An IPv4 or IPv6 address with the length of its network, host bits as they are: `10.0.0.1/31`; alone it is a host's. */
export const ipWithLength = once(() =>
  z.union(
    [
      z
        .string()
        .transform((text) => (text.includes('/') ? text : `${text}/32`))
        .pipe(z.cidrv4()),
      ipv6Prefix(),
    ],
    { error: 'expected an address with its length, such as 10.0.0.1/31 or 2001:db8::1/64' },
  ),
)

/** A host: an IP address or a DNS name (RFC 1123, section 2.1). */
export const hostname = once(() =>
  z.string().regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, {
    error: 'expected a host name, such as ntp1.example.com',
  }),
)

/** A MAC address as EOS shows it: lower case with colons, whatever its written form (`0011.2233.4455`, `00-11-…`). */
export const macAddress = once(() =>
  z
    .string()
    .transform((text) => text.replaceAll(/[.:-]/g, '').toLowerCase())
    .pipe(z.string().regex(/^[0-9a-f]{12}$/, { error: 'expected a MAC address, such as 00:1c:73:00:00:01' }))
    .transform((digits) => (digits.match(/../g) ?? []).join(':')),
)

/** RFC 5952: lower case, no leading zeros, the longest run of zeros (the first of equals, never a single one) as `::`. Throws TypeError for what is no address. */
export function compressedIpv6(text: string): string {
  const ip = parseIp(text)
  if (ip === undefined) throw new TypeError(`${text} is no IPv6 address`)
  return formatAddress(ip)
}

function compressedPrefix(prefix: string) {
  const [address = '', length = '128'] = prefix.split('/')
  return `${compressedIpv6(address)}/${Number(length)}`
}

function hasNoHostBits(prefix: string) {
  const [address = '', length = '32'] = prefix.split('/')
  const value = ipv4Number(address)
  return value !== undefined && value % 2 ** (32 - Number(length)) === 0
}
