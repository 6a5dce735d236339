import type { JournalEvent } from '../../../change/record/event/event.ts'
import { networkInShort } from '../../../report/phrases/network-words.ts'
import { withKey, withoutKey } from './keyed.ts'

/** A switch that was put back while its network is not as before, or nobody knows. */
export interface OddNetwork {
  /** The number of the record that says so. */
  readonly seq: number
  readonly kind: 'network-differs' | 'network-unknown'
  readonly reason: string
  readonly execution: string
}

/**
 * Folds the next record, by switch. It is over when the same execution has read the network as before, or somebody who may end notices has kept a
 * snapshot of the switch: what another execution calls before may be what is wrong.
 */
export function networksAfter(
  before: ReadonlyMap<string, OddNetwork>,
  event: JournalEvent,
): ReadonlyMap<string, OddNetwork> {
  switch (event.type) {
    case 'NetworkRead': {
      const { seq, device, network, execution = '' } = event
      if (network === 'same') return before.get(device)?.execution === execution ? withoutKey(before, device) : before
      const kind = network === 'differs' ? 'network-differs' : 'network-unknown'
      const reason = `${device} was put back, ${networkInShort(event)}`
      return withKey(before, device, { seq, kind, reason, execution })
    }
    case 'SnapshotTaken':
      return event.notices.reduce(withoutKey<OddNetwork>, before)
    default:
      return before
  }
}
