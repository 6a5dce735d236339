import { isIP } from 'node:net'
import type { Place, Problem } from '../../model/error.ts'

export function hostProblem(host: string, at: Place): Problem | undefined {
  if (isIP(host) !== 0 || /^(?!-)[A-Za-z0-9_-]{1,63}(\.(?!-)[A-Za-z0-9_-]{1,63})*\.?$/.test(host)) {
    return NUMBER_LAST.test(host) && isIP(host) === 0 ? badHost(host, at) : undefined
  }
  return badHost(host, at)
}

// A name whose last part is a number is an address to a resolver (URL Standard, 3.5): `0xa.0.0.1`, `167772161`.
const NUMBER_LAST = /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i

function badHost(host: string, at: Place): Problem {
  const hint = host.includes('://')
    ? 'write the address alone; `protocol` and `port` are keys of their own'
    : /^\[.*\]$/.test(host)
      ? 'write an IPv6 address without brackets: 2001:db8::11'
      : 'write an address (10.0.0.11, 2001:db8::11) or a name (leaf1.example.net); the port is a separate key'
  return { code: 'bad-host', message: `\`${host}\` is neither an address nor a host name`, at, hint }
}

/** IPv6 addresses have many spellings (RFC 5952), one of them an IPv4 address in itself (RFC 4291, 2.5.5.2), and a name is the same with the dot of the root. */
export function oneSpelling(host: string): string {
  if (isIP(host) !== 6 || host.includes('%')) return host.toLowerCase().replace(/\.$/, '')
  const spelled = new URL(`http://[${host}]/`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(spelled) ?? []
  if (high === undefined || low === undefined) return spelled
  const bytes = [high, low].map((part) => Number.parseInt(part, 16)).flatMap((part) => [part >> 8, part & 255])
  return bytes.join('.')
}
