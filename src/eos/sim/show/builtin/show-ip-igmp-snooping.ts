import { defineShow } from '../format/define.ts'

/** `show ip igmp snooping`: on, globally and on every VLAN, unless configured otherwise; nobody joins a group here. */
export const showIpIgmpSnooping = defineShow({
  words: 'show ip igmp snooping',
  docs: 'Whether IGMP is listened to, by VLAN; ANTA recordings (revision 1).',
  json: ({ running, state }) => {
    const lines = new Set(running.children.map(({ line }) => line))
    const word = (line: string) => (lines.has(`no ${line}`) ? 'disabled' : 'enabled')
    return {
      reportFlooding: 'disabled',
      igmpSnoopingState: word('ip igmp snooping'),
      vlans: Object.fromEntries(
        [...state.vlans.keys()].map((id) => [
          String(id),
          { igmpSnoopingState: word(`ip igmp snooping vlan ${id}`), ...CONSTANTS },
        ]),
      ),
      robustness: 2,
      immediateLeave: 'enabled',
      reportFloodingSwitchPorts: [],
    }
  },
})

/** What every recorded VLAN without multicast says alike. */
const CONSTANTS = {
  reportFlooding: 'disabled',
  proxyActive: false,
  groupsOverrun: false,
  multicastRouterLearningMode: 'pim-dvmrp',
  pruningActive: false,
  maxGroups: 65_534,
  immediateLeave: 'default',
  floodingTraffic: true,
} as const
