import type { BgpNeighbor } from '../../answer/show-bgp-neighbors.ts'
import { mismatch } from '../../mismatch.ts'

/** What keeps a session from being good: it is not established, or not for as long as it should be (seconds). */
export function sessionFaults({ state, establishedTime }: BgpNeighbor, minimum?: number): readonly string[] {
  if (state !== 'Established') return mismatch('Incorrect session state', 'Established', state ?? 'Not Found')
  if (minimum === undefined || (establishedTime !== undefined && establishedTime >= minimum)) return []
  const actual = establishedTime === undefined ? 'Not Found' : `${establishedTime}s`
  return mismatch('BGP session not established for the minimum required duration', `${minimum}s`, actual)
}

/** What waits in the queues of the session's TCP connection. A session that is down need not have one. */
export function queueFaults({ state, peerTcpInfo }: BgpNeighbor): readonly string[] {
  const input = peerTcpInfo?.inputQueueLength
  const output = peerTcpInfo?.outputQueueLength
  if (input === undefined || output === undefined)
    return state === 'Established' ? ['Session message queues not found'] : []
  return input === 0 && output === 0 ? [] : [`Session has non-empty message queues - InQ: ${input} OutQ: ${output}`]
}
