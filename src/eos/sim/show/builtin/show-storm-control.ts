import type { JsonObject } from '../../../../model/json.ts'
import { defineShow } from '../format/define.ts'

/** `show storm-control`: the configured limits; no simulated traffic reaches one. */
export const showStormControl = defineShow({
  words: 'show storm-control',
  docs: 'Limits of broadcast, multicast and unknown unicast, by port; ANTA recordings (revision 1).',
  json: ({ running }) => ({
    aggregateTrafficClasses: {},
    interfaces: Object.fromEntries(
      running.children.flatMap(({ line, children }) => {
        const name = /^interface (\S+)$/.exec(line)?.[1]
        const limits = children.flatMap((child) => limit(child.line))
        if (name === undefined || limits.length === 0) return []
        return [[name, { trafficTypes: Object.fromEntries(limits), active: true, reason: '', errdisabled: false }]]
      }),
    ),
  }),
})

/** `storm-control broadcast level 10` (percent), `storm-control multicast level pps 500`. */
function limit(line: string): readonly (readonly [string, JsonObject])[] {
  const [, type, packets, level] = /^storm-control (\S+) level (pps )?([\d.]+)$/.exec(line) ?? []
  if (type === undefined) return []
  const thresholdType = packets === undefined ? 'percentage' : 'packetsPerSecond'
  return [[type, { level: Number(level), thresholdType, rate: 0, drop: 0, dormant: false }]]
}
