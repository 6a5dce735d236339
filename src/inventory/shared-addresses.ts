import { isIP } from 'node:net'
import type { Place, Problem } from '../model/problem.ts'
import type { WrittenSwitch } from './written-switch.ts'

/**
 * Two names for one address would change one switch twice at the same time. `portOf`: the port of a switch with its defaults.
 * `wayOf`: the jump hosts that lead to it: behind others the same address is another host.
 */
export function sharedAddresses(
  switches: readonly WrittenSwitch[],
  portOf: (one: WrittenSwitch) => number,
  wayOf: (one: WrittenSwitch) => string,
): Problem[] {
  const owner = new Map<string, WrittenSwitch>()
  return switches.flatMap((one) => {
    const address = `${oneSpelling(one.entry.host)} port ${portOf(one)}`
    const whole = `${address} ${wayOf(one)}`
    const other = owner.get(whole)
    owner.set(whole, other ?? one)
    if (other === undefined) return []
    const isSourced = one.sourced !== undefined || other.sourced !== undefined
    return [isSourced ? twoNames(one, other, address) : twice(one, other, address)]
  })
}

function twice({ name, hostAt: at }: WrittenSwitch, other: WrittenSwitch, address: string): Problem {
  const message = `\`${name}\` has the address of \`${other.name}\`: ${address}`
  return { code: 'shared-address', message, at, hint: 'give each switch its own address, or delete one name' }
}

function twoNames({ name, hostAt: at }: WrittenSwitch, other: WrittenSwitch, address: string): Problem {
  return {
    code: 'inventory-two',
    message: `\`${name}\` has the address of \`${other.name}\` (${placeText(other.hostAt)}): ${address}`,
    at,
    hint: 'give the switch one name in all sources, or leave one of the two out with `only`',
  }
}

const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`

/** IPv6 addresses have many spellings (RFC 5952), one of them an IPv4 address in itself (RFC 4291, 2.5.5.2), and a name is the same with the dot of the root. */
function oneSpelling(host: string): string {
  if (isIP(host) !== 6 || host.includes('%')) return host.toLowerCase().replace(/\.$/, '')
  const spelled = new URL(`http://[${host}]/`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(spelled) ?? []
  if (high === undefined || low === undefined) return spelled
  const bytes = [high, low].map((part) => Number.parseInt(part, 16)).flatMap((part) => [part >> 8, part & 255])
  return bytes.join('.')
}
