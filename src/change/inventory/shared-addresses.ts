import type { Place, Problem } from '../../model/problem.ts'
import { oneSpelling } from './host-problem.ts'
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
