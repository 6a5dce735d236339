import type { Json } from '../../model/json.ts'
import type { LastingChanges } from '../../model/network-reading.ts'
import { stateAreas } from './area/index.ts'
import type { StateChange } from './finding/state-change.ts'

/** What was counted meanwhile stays counted when everything else is as before. */
const COUNTS: ReadonlySet<string | undefined> = new Set(['linkChanges', 'topologyChanges'])

/** What of the named areas is not as it was before. Something that was gone for a time and is there again is as before. */
export function lastingChanges(
  areas: readonly string[],
  before: Readonly<Record<string, Json>>,
  now: Readonly<Record<string, Json>>,
): LastingChanges {
  const changes: StateChange[] = []
  const unread: string[] = []
  for (const { name, describe } of stateAreas.filter((area) => areas.includes(area.name))) {
    const comparison = describe(before[name], now[name])
    if (comparison.comparable) changes.push(...comparison.changes.filter(({ attribute }) => !COUNTS.has(attribute)))
    else unread.push(comparison.text)
  }
  return {
    differences: changes.map(({ text }) => text),
    latched: changes.flatMap((change) => latchOf(change) ?? []),
    unread,
  }
}

/**
 * What keeps a state by itself: a peer that has sent more routes than `maximum-routes` allows is Idle until somebody clears it (docs/adr/0103), and an
 * errdisabled port is down until somebody shuts it down and up, or `errdisable recovery` does.
 */
function latchOf({ subject, vrf, attribute, was, is }: StateChange): string | undefined {
  if (attribute === 'state' && is === 'Idle' && vrf !== undefined) {
    const scope = vrf === 'default' ? '' : ` vrf ${vrf}`
    return `BGP ${subject}: where \`show ip bgp neighbors ${subject}${scope}\` says that it had too many routes, it stays so until somebody types \`clear ip bgp ${subject}${scope}\``
  }
  if (attribute === 'state' && was === 'Established' && vrf !== undefined)
    return `BGP ${subject}: the other end may keep it down, as where it had too many routes: whoever runs that one sees it there, and clears it there`
  if (attribute === 'link' && is === 'errdisabled') {
    return `${subject}: \`show interfaces status errdisabled\` says why; it stays so until somebody types \`shutdown\` and \`no shutdown\` on interface ${subject}`
  }
  if (subject === 'mlag' && attribute === 'state') {
    return `MLAG: \`show mlag detail\` says whether a reload-delay runs, or both switches are primary`
  }
  return undefined
}
