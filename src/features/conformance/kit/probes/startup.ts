import { KIT, type Probe, typed } from '../contract/probe.ts'
import { type ProbeAnswers, sameWords } from '../contract/seen.ts'

const KEPT = `flash:${KIT}-startup`
const BACK = `rename ${KEPT} flash:startup-config`

/** K3: what the switch says without a startup-config: its file is renamed and renamed back in one request. */
export const STARTUP: Probe = {
  id: 'K3',
  title: 'no startup-config, for the length of one request',
  rows: ['no-startup-words'],
  sessions: [],
  steps: () => [
    {
      name: 'renamed',
      format: 'text',
      commands: typed(`rename flash:startup-config ${KEPT}`, 'show running-config diffs', 'show startup-config', BACK),
      refusals: 'go-on',
      // One request of eAPI is carried out to its end whatever becomes of us; what is typed at a terminal is not.
      unless: ({ start }) => (start.isTyped ? 'it is tried over eAPI alone' : undefined),
    },
  ],
  undo: [{ name: 'rename-back', format: 'text', commands: typed(BACK), refusals: 'go-on' }],
  judge: (seen) => (seen.worked('renamed') === true ? words(seen) : []),
}

function words(seen: ProbeAnswers) {
  return [1, 2].flatMap((at) => sameWords(seen, 'no-startup-words', 'noStartup', seen.text('renamed', at)))
}
