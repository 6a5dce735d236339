import type { KitFinding } from '../finding.ts'
import { KIT, type Probe, typed } from '../probe.ts'
import { judged, type ProbeAnswers } from '../seen.ts'

const SESSION = `${KIT}-1`

/** K7: exec commands in a config session, and the image that boots, set to what it is. */
export const VERBS: Probe = {
  id: 'K7',
  title: 'exec commands in a config session',
  rows: ['exec-in-config', 'boot-config-words', 'boot-system-in-session'],
  sessions: [SESSION],
  steps: ({ image }) => [
    {
      name: 'exec',
      format: 'text',
      commands: typed(`configure session ${SESSION}`, 'do show clock', 'show clock', 'ping 127.0.0.1', 'end'),
      refusals: 'go-on',
    },
    { name: 'abort', format: 'text', commands: typed(`configure session ${SESSION} abort`) },
    { name: 'boot-before', format: 'text', commands: typed('show boot-config') },
    {
      name: 'boot',
      format: 'text',
      commands: typed(
        `configure session ${SESSION}`,
        `boot system ${image ?? '<the image that it boots>'}`,
        'end',
        `configure session ${SESSION} abort`,
        'show boot-config',
      ),
      refusals: 'go-on',
      unless: ({ start }) => (start.image === undefined ? 'it does not say which image it boots' : undefined),
    },
  ],
  judge: (seen) => [...exec(seen), ...bootWords(seen), ...bootSystem(seen)],
}

function exec(seen: ProbeAnswers): readonly KitFinding[] {
  if (seen.worked('exec') !== true) return []
  const ran = [1, 2, 3].map((at) => seen.worked('exec', at) === true && seen.text('exec', at)?.trim() !== '')
  const names = ['do show clock', 'show clock', 'ping 127.0.0.1']
  const not = names.filter((_, at) => ran[at] !== true)
  return judged('exec-in-config', not.length === 0, {
    holds: 'exec commands run in a session, with and without `do`',
    fails: `it does not run in a session: ${not.join(', ')}`,
  })
}

function bootWords(seen: ProbeAnswers): readonly KitFinding[] {
  const text = seen.text('boot-before')
  const known =
    text !== undefined && /^Software image: \S/m.test(text) && /^Aboot password \(encrypted\): \S/m.test(text)
  return judged('boot-config-words', text === undefined ? undefined : known, {
    holds: '`Software image: …`, `Aboot password (encrypted): …`',
    fails: `it prints \`${text?.trim() ?? ''}\``,
  })
}

function bootSystem(seen: ProbeAnswers): readonly KitFinding[] {
  if (seen.worked('boot') !== true) return []
  const words = seen.words('boot', 1)
  return judged('boot-system-in-session', words === undefined, {
    holds: 'a config session takes `boot system`',
    fails: `a config session refuses \`boot system\`: ${words ?? ''}`,
  })
}
