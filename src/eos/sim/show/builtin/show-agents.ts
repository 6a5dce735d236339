import { defineShow, type ShowContext } from '../format/define.ts'
import { seconds } from '../format/text-format.ts'

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

/** `show agent uptime`: agents run since the switch booted, or since they crashed. */
export const showAgentUptime = defineShow({
  words: 'show agent uptime',
  docs: 'When each agent was started and how often again; the keys that public tools read, no recording.',
  json: (context) => ({ agents: Object.fromEntries(AGENTS.map((agent) => [agent, agentJson(agent, context)])) }),
})

/** `show agent logs crash`: how each log of a crash begins. */
export const showAgentCrashes = defineShow({
  words: 'show agent logs crash',
  docs: 'Logs of agents that crashed; the words that ANTA asks (text), the head of a log as recorded.',
  text: ({ state: { ailments } }) =>
    ailments.crashes.map(({ agent, at }) => `===> /var/log/agents/${agent}-${PID} ${logTime(at)} <===\n`).join(''),
})

/** The process that crashed; which number it had says nothing. */
const PID = 1812

function agentJson(agent: string, { state: { ailments }, bootedAt }: ShowContext) {
  const crashes = ailments.crashes.filter((crash) => crash.agent === agent).map(({ at }) => at)
  return { agentStartTime: seconds(Math.max(bootedAt, ...crashes)), restartCount: crashes.length }
}

/** `Fri Jul  7 15:07:00 2023`. */
function logTime(at: number): string {
  const [, day = '', date = '', month = '', year = '', time = ''] =
    /(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? []
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`
}
