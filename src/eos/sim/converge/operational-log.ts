import { dottedMac } from './address.ts'
import type { BgpPeer, InterfaceState, OspfNeighbor, SwitchState } from './network-state.ts'

/** What an agent of EOS logs when its part of the state changes: the agent, and its words with the mnemonic. */
export interface OperationalMessage {
  readonly agent: string
  readonly words: string
}

/**
 * What one switch logs between two states: line protocols, MLAG interfaces, LLDP neighbours, OSPF adjacencies and BGP
 * sessions, in the order in which one brings down the next. The words are those of logs that others published.
 */
export function operationalMessages(
  before: SwitchState,
  after: SwitchState,
  ribd: boolean,
): readonly OperationalMessage[] {
  return [
    ...lineProtocols(before, after),
    ...mlagInterfaces(before, after),
    ...lldpNeighbors(before, after),
    ...ospfAdjacencies(before, after, ribd),
    ...bgpSessions(before, after, ribd),
  ]
}

function lineProtocols(before: SwitchState, after: SwitchState): readonly OperationalMessage[] {
  return [...after.interfaces.values()].flatMap((port) => {
    const was = before.interfaces.get(port.name)
    if (was === undefined || isUp(was) === isUp(port)) return []
    const named = port.description === '' ? port.name : `${port.name} (${port.description})`
    const state = isUp(port) ? 'up' : 'down'
    return [
      { agent: 'Ebra', words: `%LINEPROTO-5-UPDOWN: Line protocol on Interface ${named}, changed state to ${state}` },
    ]
  })
}

function isUp({ lineProtocol }: InterfaceState) {
  return lineProtocol === 'up'
}

function mlagInterfaces(before: SwitchState, after: SwitchState): readonly OperationalMessage[] {
  return after.mlag.interfaces.flatMap(({ id, localInterface, localUp }) => {
    const was = before.mlag.interfaces.find((port) => port.id === id)
    if (was?.localUp !== true || localUp) return []
    const words = `%MLAG-4-INTF_INACTIVE_LOCAL: Local interface ${localInterface} is link down. MLAG ${id} is inactive.`
    return [{ agent: 'Mlag', words }]
  })
}

function lldpNeighbors(before: SwitchState, after: SwitchState): readonly OperationalMessage[] {
  const key = (heard: SwitchState['lldp'][number]) => `${heard.port} ${heard.chassisId} ${heard.neighborPort}`
  const was = new Map(before.lldp.map((heard) => [key(heard), heard]))
  const is = new Map(after.lldp.map((heard) => [key(heard), heard]))
  const words = (heard: SwitchState['lldp'][number], mnemonic: string, what: string) => ({
    agent: 'Lldp',
    words: `%LLDP-5-${mnemonic}: LLDP neighbor with chassisId ${dottedMac(heard.chassisId)} and portId "${heard.neighborPort}" ${what} interface ${heard.port}`,
  })
  return [
    ...absentFrom(is, was).map((heard) => words(heard, 'NEIGHBOR_TIMEOUT', 'timed out on')),
    ...absentFrom(was, is).map((heard) => words(heard, 'NEIGHBOR_NEW', 'added on')),
  ]
}

function absentFrom<T>(other: ReadonlyMap<string, T>, all: ReadonlyMap<string, T>) {
  return [...all].flatMap(([key, one]) => (other.has(key) ? [] : [one]))
}

function ospfAdjacencies(before: SwitchState, after: SwitchState, ribd: boolean): readonly OperationalMessage[] {
  const list = ({ ospf }: SwitchState) =>
    new Map(
      ospf.flatMap(({ neighbors }) =>
        neighbors.map((one) => [`${one.instance} ${one.routerId} ${one.interface}`, one]),
      ),
    )
  const [was, is] = [list(before), list(after)]
  const agent = ribd ? 'Rib' : 'Ospf'
  const words = (one: OspfNeighbor, { interfaces }: SwitchState, mnemonic: string, what: string) => {
    const address = interfaces.get(one.interface)?.addresses.primary?.address ?? ''
    const who = `NGB ${one.routerId}, interface ${address}`
    return { agent, words: `Instance ${one.instance}: %OSPF-4-OSPF_ADJACENCY_${mnemonic}: ${who} adjacency ${what}` }
  }
  const dropped = 'dropped: interface went down, state was: FULL'
  return [
    ...absentFrom(is, was).map((one) => words(one, before, 'TEARDOWN', dropped)),
    ...absentFrom(was, is).map((one) => words(one, after, 'ESTABLISHED', 'established')),
  ]
}

function bgpSessions(before: SwitchState, after: SwitchState, ribd: boolean): readonly OperationalMessage[] {
  return [...after.bgp].flatMap(([vrf, { peers }]) =>
    [...peers.values()].flatMap((peer) => {
      const was = before.bgp.get(vrf)?.peers.get(peer.address)
      const up = peer.state === 'Established'
      if ((was?.state === 'Established') === up) return []
      const who = ribd ? `AS ${peer.asn}` : `VRF ${vrf} AS ${peer.asn}`
      const change = up ? comesUp(ribd) : `old state Established event ${downEvent(peer)} new state Idle`
      return [{ agent: ribd ? 'Rib' : 'Bgp', words: `%BGP-5-ADJCHANGE: peer ${peer.address} (${who}) ${change}` }]
    }),
  )
}

function comesUp(ribd: boolean) {
  return `old state OpenConfirm event ${ribd ? 'RecvKeepAlive' : 'Established'} new state Established`
}

function downEvent({ state }: BgpPeer): string {
  return state === 'Idle' ? 'Stop' : 'RecvNotify'
}
