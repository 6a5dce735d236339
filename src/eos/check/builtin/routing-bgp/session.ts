import type { BgpNeighbor } from '../../answer/show-bgp-neighbors.ts'
import { needed } from '../../answer/told.ts'
import { mismatch } from '../../finding/mismatch.ts'

/** What keeps a session from being good: it is not established, or not for as long as it should be (seconds). */
export function sessionFaults(neighbor: BgpNeighbor, minimum?: number): readonly string[] {
  if (!isEstablished(neighbor)) return mismatch('Incorrect session state', 'Established', needed(neighbor, 'state'))
  if (minimum === undefined) return []
  const established = needed(neighbor, 'establishedTime')
  return established >= minimum
    ? []
    : mismatch('BGP session not established for the minimum required duration', `${minimum}s`, `${established}s`)
}

/** Whether the session is established. */
export function isEstablished(neighbor: BgpNeighbor): boolean {
  return needed(neighbor, 'state') === 'Established'
}

/** What waits in the queues of the TCP connection of an established session. */
export function queueFaults(neighbor: BgpNeighbor): readonly string[] {
  if (!isEstablished(neighbor)) return []
  const tcp = neighbor.peerTcpInfo
  // EOS 4.21 does not tell them, and nothing says that they are empty.
  if (tcp === undefined) return ['Session message queues not found']
  const [input, output] = [needed(tcp, 'inputQueueLength'), needed(tcp, 'outputQueueLength')]
  return input === 0 && output === 0 ? [] : [`Session has non-empty message queues - InQ: ${input} OutQ: ${output}`]
}
