import { isIP } from 'node:net'
import type { Place, Problem } from '../model/problem.ts'
import type { WrittenSwitch } from './written-switch.ts'

/** Two names for one address would change one switch twice at the same time. `portOf`: the port of a switch with its defaults. */
export function sharedAddresses(
  switches: readonly WrittenSwitch[],
  portOf: (entry: WrittenSwitch['entry']) => number,
): Problem[] {
  const owner = new Map<string, WrittenSwitch>()
  return switches.flatMap((one) => {
    const address = `${oneSpelling(one.entry.host)} port ${portOf(one.entry)}`
    const other = owner.get(address)
    owner.set(address, other ?? one)
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

/** IPv6 addresses have many spellings (RFC 5952), and a name is the same with the dot of the root. */
function oneSpelling(host: string): string {
  if (isIP(host) !== 6 || host.includes('%')) return host.toLowerCase().replace(/\.$/, '')
  return new URL(`http://[${host}]/`).hostname.slice(1, -1)
}
