import { compareAddresses } from './address.ts'
import { type Links, portKey } from './links.ts'
import { connectedNets, connectedTo } from './local-routes.ts'
import type { ArpEntry } from './routing-state.ts'
import { bundleOf, type RaisedSwitch, type Segments } from './segments.ts'

/** The switches of the fabric that share a subnet and a segment with one switch. On a link without addresses they are the ones they borrow. */
export function arpEntries(
  here: RaisedSwitch,
  raised: ReadonlyMap<string, RaisedSwitch>,
  segments: Segments,
  links: Links,
): readonly ArpEntry[] {
  const device = here.model.name
  const nets = [...connectedNets(here.interfaces)].flatMap(([vrf, list]) =>
    list.filter(({ address }) => address !== undefined).map((net) => ({ vrf, net })),
  )
  const found = new Map<string, ArpEntry>()
  for (const { vrf, net } of nets) {
    const segment = segments.of(device, net.interface)
    for (const other of onSegment(segment, device, raised, segments)) {
      const { address, mac } = other
      const near = net.unnumbered ? other.unnumbered : connectedTo([net], address) !== undefined
      if (!near) continue
      const port = portTo(here, other.device, net.interface, raised, links)
      found.set(`${vrf} ${address}`, {
        vrf,
        address,
        mac,
        interface: net.interface,
        ...(port === undefined ? {} : { port }),
      })
    }
  }
  return [...found.values()].sort((a, b) => compareAddresses(a.address, b.address))
}

const speakers = new WeakMap<Segments, ReadonlyMap<string, readonly Speaker[]>>()

interface Speaker {
  readonly device: string
  readonly address: string
  readonly mac: string
  readonly unnumbered: boolean
}

function onSegment(
  segment: string,
  device: string,
  raised: ReadonlyMap<string, RaisedSwitch>,
  segments: Segments,
): readonly Speaker[] {
  const known = speakers.get(segments) ?? speakersOf(raised, segments)
  speakers.set(segments, known)
  return (known.get(segment) ?? []).filter((other) => other.device !== device)
}

/** The port of an SVI's VLAN that leads to another switch, where a cable does. */
function portTo(
  { model, interfaces }: RaisedSwitch,
  other: string,
  out: string,
  raised: ReadonlyMap<string, RaisedSwitch>,
  links: Links,
): string | undefined {
  if (interfaces.get(out)?.kind !== 'vlan') return undefined
  const vlan = Number(out.slice('Vlan'.length))
  for (const { name, kind } of interfaces.values()) {
    if (kind !== 'ethernet' || links.get(portKey(model.name, name))?.far?.device !== other) continue
    const bundle = bundleOf(raised, model.name, name)
    if (bundle?.vlans.includes(vlan)) return bundle.name
  }
  return undefined
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
      const unnumbered = port.addresses.unnumbered !== undefined
      const speaker = { device, address: primary.address, mac: model.facts.systemMac, unnumbered }
      found.set(segment, [...(found.get(segment) ?? []), speaker])
    }
  }
  return found
}
