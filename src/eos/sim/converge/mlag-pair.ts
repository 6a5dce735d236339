import { type Links, portKey, type RaisedSwitch, type RaisedSwitches, type Segments } from './links.ts'
import type { MlagConfig } from './read-mlag.ts'

/**
 * The switch with which one forms an MLAG pair: the peer-link and the local interface are up, and the switch at the other
 * end of the peer-link agrees on the domain and on both addresses.
 */
export function pairUp(
  here: RaisedSwitch,
  raised: RaisedSwitches,
  links: Links,
  segments: Segments,
): RaisedSwitch | undefined {
  const { mlag, name } = here.model
  if (mlag === undefined || !isReady(here)) return undefined
  const peer = raised.get(farOfChannel(here, mlag.peerLink, links) ?? '')
  const theirs = peer?.model.mlag
  if (peer === undefined || theirs === undefined || !isReady(peer)) return undefined
  const agree =
    mlag.domainId === theirs.domainId &&
    mlag.peerAddress === addressOf(peer, theirs) &&
    theirs.peerAddress === addressOf(here, mlag)
  const joined = segments.of(name, mlag.localInterface) === segments.of(peer.model.name, theirs.localInterface)
  return agree && joined ? peer : undefined
}

function isReady({ model: { mlag }, interfaces }: RaisedSwitch) {
  if (mlag === undefined || mlag.shutdown || mlag.domainId === '' || mlag.peerAddress === '') return false
  return [mlag.peerLink, mlag.localInterface].every((port) => interfaces.get(port)?.lineProtocol === 'up')
}

function farOfChannel(here: RaisedSwitch, channel: string, links: Links) {
  const member = here.channels.get(channel)?.active[0] ?? channel
  return links.get(portKey(here.model.name, member))?.far?.device
}

function addressOf({ model }: RaisedSwitch, { localInterface }: MlagConfig) {
  return model.interfaces.get(localInterface)?.addresses.primary?.address
}
