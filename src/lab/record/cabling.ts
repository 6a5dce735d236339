import { INTERFACES_STATUS, interfacesArea } from '../../eos/check/area/interfaces.ts'
import { type LldpState, lldpArea } from '../../eos/check/area/lldp.ts'
import type { Reply } from '../../eos/device/device.ts'
import type { Command } from '../../model/command.ts'
import { natural } from '../../model/natural-order.ts'
import type { Output, RecordedSwitch } from './recorded-switch.ts'

/** One end of a cable. */
interface End {
  readonly device: string
  readonly port: string
}

/**
 * The cables between switches and to what they hear, as `fabric.yaml` writes them. LLDP tells them (`show lldp neighbors`);
 * a port that is connected and hears nobody has a cable to a host that is made up, so that its link is up. A port has one
 * cable: of several neighbours the first counts. `hostnames` gives the inventory name of a recorded switch.
 */
export function cablesOf(
  switches: readonly RecordedSwitch[],
  hostnames: ReadonlyMap<string, string>,
): readonly string[] {
  const taken = new Set<string>()
  const cables: string[] = []
  const lay = (a: End, b: End): void => {
    const ends = [a, b].map(({ device, port }) => `${device}:${port}`)
    if (ends.some((end) => taken.has(end))) return
    for (const end of ends) taken.add(end)
    cables.push(ends.join(' - '))
  }
  for (const one of switches) {
    for (const [port, [heard]] of Object.entries(neighborsOf(one))) {
      if (heard === undefined) continue
      const device = inventoryName(heard.device, hostnames) ?? oneWord(heard.device)
      lay({ device: one.name, port }, { device, port: oneWord(heard.port) })
    }
  }
  for (const one of switches) {
    for (const port of connectedPorts(one)) {
      lay({ device: one.name, port }, { device: `unheard-${cables.length + 1}`, port: 'eth0' })
    }
  }
  return cables
}

/** Every name that is heard over LLDP, as it is told, once. */
export function neighborNames(switches: readonly RecordedSwitch[]): readonly string[] {
  const heard = switches.flatMap((one) => Object.values(neighborsOf(one)).flat())
  return [...new Set(heard.map(({ device }) => device))]
}

/** A neighbour calls itself by its host name, with its domain or without. */
function inventoryName(heard: string, hostnames: ReadonlyMap<string, string>): string | undefined {
  return hostnames.get(heard) ?? hostnames.get(heard.split('.', 1)[0] ?? '')
}

function neighborsOf(one: RecordedSwitch): LldpState {
  const read = lldpArea.now(repliesOf(one, lldpArea.commands))
  return read.ok ? read.state : {}
}

function connectedPorts(one: RecordedSwitch): readonly string[] {
  const read = interfacesArea.now(repliesOf(one, [INTERFACES_STATUS]))
  const ports = read.ok ? Object.entries(read.state) : []
  return ports
    .filter(([name, { link }]) => name.startsWith('Ethernet') && !name.includes('.') && link === 'connected')
    .map(([name]) => name)
    .sort(natural)
}

function repliesOf({ outputs }: RecordedSwitch, commands: readonly Command[]): readonly Reply[] {
  const jsonOf = (cmd: string): Output['json'] => outputs.find(({ command }) => command === cmd)?.json
  return commands.map(({ cmd }): Reply => {
    const json = jsonOf(cmd)
    return json === undefined ? { ok: false, error: 'it was not recorded' } : { ok: true, json }
  })
}

/** A name or a port as one word without `:`, as a cable wants it: a host may tell a text, or a MAC address. */
function oneWord(text: string): string {
  const digits = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? text.replaceAll(':', '') : ''
  if (digits !== '') return (digits.match(/.{4}/g) ?? []).join('.')
  return text.replace(/[\s:]+/g, '-') || 'unnamed'
}
