import { compareAddresses } from './address.ts'
import { connectedNets, connectedTo } from './local-routes.ts'
import type { ArpEntry } from './routing-state.ts'
import type { RaisedSwitch, Segments } from './segments.ts'

/** The switches of the fabric that share a subnet and a segment with one switch. Hosts send nothing, so none is known. */
export function arpEntries(
  here: RaisedSwitch,
  raised: ReadonlyMap<string, RaisedSwitch>,
  segments: Segments,
): readonly ArpEntry[] {
  const device = here.model.name
  const nets = [...connectedNets(here.interfaces)].flatMap(([vrf, list]) =>
    list.filter(({ address }) => address !== undefined).map((net) => ({ vrf, net })),
  )
  const found = new Map<string, ArpEntry>()
  for (const { vrf, net } of nets) {
    const segment = segments.of(device, net.interface)
    for (const [address, mac] of onSegment(segment, device, raised, segments)) {
      if (connectedTo([net], address) === undefined) continue
      found.set(`${vrf} ${address}`, { vrf, address, mac, interface: net.interface })
    }
  }
  return [...found.values()].sort((a, b) => compareAddresses(a.address, b.address))
}

const speakers = new WeakMap<Segments, ReadonlyMap<string, readonly Speaker[]>>()

interface Speaker {
  readonly device: string
  readonly address: string
  readonly mac: string
}

function onSegment(
  segment: string,
  device: string,
  raised: ReadonlyMap<string, RaisedSwitch>,
  segments: Segments,
): readonly (readonly [string, string])[] {
  const known = speakers.get(segments) ?? speakersOf(raised, segments)
  speakers.set(segments, known)
  return (known.get(segment) ?? []).flatMap((other) => (other.device === device ? [] : [[other.address, other.mac]]))
}

function speakersOf(
  raised: ReadonlyMap<string, RaisedSwitch>,
  segments: Segments,
): ReadonlyMap<string, readonly Speaker[]> {
  const found = new Map<string, Speaker[]>()
  for (const [device, { model, interfaces }] of raised) {
    if (!model.up) continue
    for (const port of interfaces.values()) {
      const { primary } = port.addresses
      if (primary === undefined || port.lineProtocol !== 'up' || port.mode !== 'routed') continue
      const segment = segments.of(device, port.name)
      const speaker = { device, address: primary.address, mac: model.facts.systemMac }
      found.set(segment, [...(found.get(segment) ?? []), speaker])
    }
  }
  return found
}
