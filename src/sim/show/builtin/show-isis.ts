import { defineShow, type ShowContext } from '../define.ts'

/** `show isis graceful-restart`. */
export const showIsisGracefulRestart = defineShow({
  words: 'show isis graceful-restart [vrf <vrf>]',
  docs: 'Graceful restart of IS-IS, where none runs; ANTA recordings of a switch without IS-IS.',
  refuse: refuseIsis,
  json: () => ({ vrfs: {} }),
})

/** `show isis interface`. */
export const showIsisInterface = defineShow({
  words: 'show isis interface [brief] [vrf <vrf>]',
  docs: 'Interfaces of IS-IS, where none runs; ANTA recordings of a switch without IS-IS.',
  refuse: refuseIsis,
  json: () => ({ vrfs: {} }),
})

/** `show isis segment-routing`. */
export const showIsisSegmentRouting = defineShow({
  words: 'show isis segment-routing [adjacency-segments] [vrf <vrf>]',
  docs: 'Segment routing of IS-IS, where none runs; ANTA recordings of a switch without IS-IS.',
  refuse: refuseIsis,
  json: () => ({ vrfs: {} }),
})

/** `show isis segment-routing tunnel`. */
export const showIsisSegmentRoutingTunnel = defineShow({
  words: 'show isis segment-routing tunnel',
  docs: 'Tunnels of segment routing, where no IS-IS runs; ANTA recordings of a switch without IS-IS.',
  refuse: refuseIsis,
  json: () => ({ entries: {} }),
})

/** IS-IS is not simulated: where it is configured, an empty answer would be another than that of EOS. */
function refuseIsis({ running }: ShowContext): string | undefined {
  const isConfigured = running.children.some(({ line }) => line.startsWith('router isis '))
  return isConfigured ? 'The simulator does not run IS-IS' : undefined
}
