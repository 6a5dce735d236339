import { defineShow } from '../define.ts'
import { seconds } from '../text-format.ts'

/** The agents that every switch runs, by the names that their logs have. */
const AGENTS = [
  'Aaa',
  'Acl',
  'Arp',
  'Bgp',
  'ConfigAgent',
  'Ebra',
  'Lag',
  'Lldp',
  'Mlag',
  'Rib',
  'Stp',
  'Sysdb',
] as const

/** `show agent uptime`: all agents run since the switch booted; none was ever started again. */
export const showAgentUptime = defineShow({
  words: 'show agent uptime',
  docs: 'When each agent was started and how often again; the keys that public tools read, no recording.',
  json: ({ bootedAt }) => ({
    agents: Object.fromEntries(
      AGENTS.map((agent) => [agent, { agentStartTime: seconds(bootedAt), restartCount: 0 }] as const),
    ),
  }),
})
