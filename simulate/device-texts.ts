import type { FabricDevice } from '../src/eos/sim/fabric/fabric.ts'

/** The secret that stands in every configuration: nothing that is recorded or printed may hold it. */
export const CANARY = 'CANARYcanaryCANARYcanaryCANARYcanaryCANARYcanaryCANARYcanaryCANARYcanaryCANARYcanary12'

/** The password of every switch. */
export const PASSWORD = 'a-password-that-nobody-prints'

/** Which change of a history: the one it is about, somebody else's, or the one that takes the first back. */
export type Side = 'main' | 'rival' | 'back'

/** How much of a change a configuration holds. */
export type Part = 'none' | 'some' | 'all'

/** What a running-config is to the checker, by the text alone. */
export interface Reading {
  readonly main: Part
  readonly rival: Part
  /** What a hand has changed. */
  readonly byHand: string
  /** Whether the port over which the switch is managed is shut. */
  readonly cut: boolean
}

/** The lines of each change, as a workflow gives them. The main one adds, replaces and takes a line away. */
export const LINES: Readonly<Record<Exclude<Side, 'back'>, readonly string[]>> = {
  main: ['vlan 998', '   name TESTED', 'interface Ethernet2', '   description MOVED', '   no mtu'],
  rival: ['vlan 997', '   name RIVAL', 'interface Ethernet3', '   description TAKEN'],
}

/** What shuts the port over which the switch is managed. */
export const CUT = ['interface Ethernet1', '   shutdown']

const SPARE = 'interface Ethernet2\n   description SPARE\n'

/** A configuration with nothing of anybody's, without separators: `NAME` and `ADDRESS` stand for the switch's own. */
const BARE = `hostname NAME
username admin privilege 15 role network-admin secret sha512 $6$aaaaaaaaaaaaaaaa$${CANARY}
vlan 10
   name USERS
interface Ethernet1
   description UPLINK
interface Ethernet2
   description SPARE
   mtu 9000
interface Ethernet3
   description SPARE-3
interface Management1
   ip address ADDRESS/24
`

const bareOf = (name: string, number: number): string =>
  BARE.replace('NAME', name).replace('ADDRESS', `192.0.2.${10 + number}`)

/** A switch of a history: a few lines of configuration, so that reading it costs next to nothing. */
export function switchOf(name: string, number: number, eos: string, box = name): FabricDevice {
  const place = box === name ? number : 100 + number
  return {
    name: box,
    eos,
    model: 'vEOS-lab',
    serial: `BOX${place}`,
    mac: `00:1c:73:00:00:${place.toString(16).padStart(2, '0')}`,
    config: `${bareOf(name, number).replaceAll(/\n(?=\S)/g, '\n!\n')}end\n`,
    managementOutside: true,
  }
}

const VLAN_BY_HAND = /^vlan 7\d\d\n {3}name SOMEBODY\n/gm
/** An empty block that a switch adds by itself. */
export const EMPTY_BLOCK = 'interface Ethernet48/2'
/** The line of the base that the main change takes away. */
export const TAKEN_AWAY = 'mtu 9000'

/**
 * Reads a running-config as the checker knows it: from the literal lines of the changes and of the hands that disturb
 * them, by no code of the tool. Whatever is not as it should be counts as done by hand.
 */
export function readingOf(text: string): Reading {
  const rows = text
    .replaceAll(/^!.*\n/gm, '')
    .replace(`${EMPTY_BLOCK}\n`, '')
    .replace(/^end\n$/m, '')
  const byHand = (rows.match(VLAN_BY_HAND) ?? []).map((vlan) => vlan.slice(0, 8))
  let rest = rows.replaceAll(VLAN_BY_HAND, '')
  const take = (lines: string, instead = ''): boolean => {
    const without = rest.replace(lines, instead)
    const taken = without !== rest
    rest = without
    return taken
  }
  const added = [take('vlan 998\n   name TESTED\n'), take('   description MOVED\n', '   description SPARE\n')]
  const rival = [take('vlan 997\n   name RIVAL\n'), take('   description TAKEN\n', '   description SPARE-3\n')]
  const cut = take('   description UPLINK\n   shutdown\n', '   description UPLINK\n')
  if (take('   description BY-HAND\n', '   description SPARE\n')) byHand.push('BY-HAND')
  const main = [...added, take(`${SPARE}interface`, `${SPARE}   ${TAKEN_AWAY}\ninterface`)]
  const number = Number(/^hostname sw(\d)$/m.exec(rest)?.[1] ?? 0)
  if (rest !== bareOf(`sw${number}`, number)) byHand.push('another text')
  return { main: partOf(main), rival: partOf(rival), byHand: byHand.join(' '), cut }
}

/**
 * How much of a change a configuration holds. What takes the main one back is there when nothing of that is left, and the line that it
 * had replaced is as it was: `wasByHand` if a hand had changed that before.
 */
export function partOn({ main, rival, byHand }: Reading, side: Side, wasByHand = false): Part {
  if (side !== 'back') return side === 'main' ? main : rival
  if (main === 'all') return 'none'
  const isAsBefore = byHand.includes('BY-HAND') === wasByHand && !byHand.includes('another text')
  return main === 'none' && isAsBefore ? 'all' : 'some'
}

/** Whether a configuration is not without a change. */
export function holds(reading: Reading, side: Side): boolean {
  const part = partOn(reading, side)
  return side === 'back' ? part === 'all' : part !== 'none'
}

function partOf(taken: readonly boolean[]): Part {
  if (taken.every(Boolean)) return 'all'
  return taken.some(Boolean) ? 'some' : 'none'
}
