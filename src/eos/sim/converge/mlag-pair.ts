import { type Links, portKey } from './links.ts'
import type { SwitchModel } from './read-switch.ts'
import type { RaisedSwitch, RaisedSwitches, Segments } from './segments.ts'

/** Two switches that are an MLAG pair, or why the first is none. */
export type MlagPairing = { readonly peer: RaisedSwitch } | { readonly why: string }

/**
 * Whether a switch forms an MLAG pair: the peer-link and the local interface are up, and the switch at the other end of
 * the peer-link agrees on the domain and on both addresses.
 */
export function pairUp(here: RaisedSwitch, raised: RaisedSwitches, links: Links, segments: Segments): MlagPairing {
  const mlag = here.model.mlag
  if (mlag === undefined) return { why: '' }
  const alone = readiness(here)
  if (alone !== undefined) return { why: alone }
  const peer = raised.get(farOfChannel(here, mlag.peerLink, links) ?? '')
  if (peer === undefined) return { why: `no switch at the other end of ${mlag.peerLink}` }
  const theirs = readiness(peer)
  if (theirs !== undefined) return { why: `the peer is not ready: ${theirs}` }
  const disagreement = disagree(here.model, peer.model)
  if (disagreement !== undefined) return { why: disagreement }
  const joined =
    segments.of(here.model.name, mlag.localInterface) ===
    segments.of(peer.model.name, peer.model.mlag?.localInterface ?? '')
  return joined ? { peer } : { why: `the VLAN of ${mlag.localInterface} does not cross ${mlag.peerLink}` }
}

function readiness({ model, interfaces }: RaisedSwitch) {
  const mlag = model.mlag
  if (mlag === undefined) return 'MLAG is not configured'
  if (mlag.shutdown) return 'MLAG is shut down'
  if (mlag.domainId === '' || mlag.peerAddress === '') return 'domain-id or peer-address is missing'
  if (interfaces.get(mlag.peerLink)?.lineProtocol !== 'up') return `peer-link ${mlag.peerLink} is down`
  if (interfaces.get(mlag.localInterface)?.lineProtocol !== 'up') {
    return `local-interface ${mlag.localInterface} is down`
  }
  return undefined
}

function farOfChannel(here: RaisedSwitch, channel: string, links: Links) {
  const member = here.channels.get(channel)?.active[0] ?? channel
  return links.get(portKey(here.model.name, member))?.far?.device
}

function disagree(here: SwitchModel, peer: SwitchModel) {
  if (here.mlag?.domainId !== peer.mlag?.domainId) {
    return `domain-id differs: ${here.mlag?.domainId} here, ${peer.mlag?.domainId} on ${peer.name}`
  }
  const addressOf = (model: SwitchModel) =>
    model.interfaces.get(model.mlag?.localInterface ?? '')?.addresses.primary?.address
  if (here.mlag?.peerAddress !== addressOf(peer)) return `peer-address ${here.mlag?.peerAddress} is not on ${peer.name}`
  if (peer.mlag?.peerAddress !== addressOf(here)) return `${peer.name} expects peer-address ${peer.mlag?.peerAddress}`
  return undefined
}
