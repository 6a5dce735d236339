import type { KitFinding } from '../finding.ts'
import { KIT, LOOPBACK, type Probe, typed } from '../probe.ts'
import { judged, type ProbeAnswers } from '../seen.ts'

const SESSION = `${KIT}-1`

/** One line of each kind that a switch may print otherwise than it was typed. None of them reaches beyond itself. */
const LINES = [
  LOOPBACK,
  `   description ${KIT}`,
  '   ip address 192.0.2.254 255.255.255.255',
  '   no shutdown',
  '   exit',
  `ip access-list ${KIT}`,
  '   permit ip host 192.0.2.1 any',
  '   exit',
  `ip prefix-list ${KIT} seq 10 permit 192.0.2.0/24`,
  `route-map ${KIT} permit 10`,
  `   match ip address prefix-list ${KIT}`,
  '   exit',
  `alias eosflowkit show version`,
]

/** K9: what was typed, what the candidate shows, and what running-config shows under the timer. */
export const READ_BACK: Probe = {
  id: 'K9',
  title: 'candidate and running-config',
  requires: 'replays-own-text',
  rows: ['candidate-runs', 'own-blocks'],
  sessions: [SESSION],
  steps: () => [
    {
      name: 'typed',
      format: 'text',
      commands: typed(`configure session ${SESSION}`, ...LINES, 'end', `show session-config named ${SESSION}`),
      refusals: 'go-on',
    },
    { name: 'armed', format: 'text', commands: typed(`configure session ${SESSION} commit timer 00:02:00`) },
    { name: 'running', format: 'text', commands: typed('show running-config') },
    { name: 'running-later', format: 'text', commands: typed('show running-config'), wait: 10 },
    { name: 'abort', format: 'text', commands: typed(`configure session ${SESSION} abort`) },
  ],
  judge: (seen) => [...candidate(seen)],
}

const isLine = (line: string): boolean => line.trim() !== '' && !line.startsWith('!')
const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(isLine)

function candidate(seen: ProbeAnswers): readonly KitFinding[] {
  const shown = seen.text('typed', LINES.length + 2)
  const running = seen.text('running-later')
  if (shown === undefined || running === undefined || seen.worked('armed') !== true) return []
  const [before, after] = [linesOf(shown), linesOf(running)]
  const [gone, come] = [without(before, after), without(after, before)]
  const blocks = come.filter((line, at) => /^interface \S+$/.test(line) && !come[at + 1]?.startsWith(' '))
  const others = [
    ...gone.map((line) => `- ${line}`),
    ...come.filter((line) => !blocks.includes(line)).map((line) => `+ ${line}`),
  ]
  return [
    ...judged('candidate-runs', others.length === 0 && blocks.length === 0, {
      holds: 'behind the commit running-config is the candidate',
      fails: `behind the commit running-config is not the candidate: ${[...others, ...blocks].slice(0, 3).join(', ')}`,
    }),
    ...(blocks.length === 0
      ? []
      : judged('own-blocks', others.length === 0, {
          holds: `a block that came by itself is empty: ${blocks.join(', ')}`,
          fails: `what came by itself is no empty block: ${others.slice(0, 3).join(', ')}`,
        })),
  ]
}

/** The lines of one text that the other lacks, each as often as it is missing. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return lines.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}
