import { EXEC_WORDS } from '../../../../eos/config/guard/exec-words.ts'
import { isJsonObject } from '../../../../model/json.ts'
import { judged, KIT, type KitStep, overEapi, type Probe, type ProbeAnswers, step, typed } from '../contract/probe.ts'

const SESSION = `${KIT}-1`

// What would act at once: it is never sent, and only asked how it goes on.
const ACTING = {
  '': 'words',
  'agent ': 'agent',
  'redundancy ': 'redundancy',
  'clock ': 'clock',
  'security ': 'security',
}

/** K7: exec commands in a config session, and the image that boots, set to what it is. */
export const VERBS: Probe = {
  id: 'K7',
  title: 'exec commands in a config session',
  rows: ['exec-in-config', 'boot-config-words', 'boot-system-in-session', 'exec-words'],
  sessions: [SESSION],
  steps: ({ image }) => [
    step('exec', [`configure session ${SESSION}`, 'do show clock', 'show clock', 'ping 127.0.0.1', 'end'], {
      refusals: 'go-on',
    }),
    step('abort', [`configure session ${SESSION} abort`]),
    step('boot-before', ['show boot-config']),
    step(
      'boot',
      [
        `configure session ${SESSION}`,
        `boot system ${image ?? '<the image that it boots>'}`,
        'end',
        `configure session ${SESSION} abort`,
        'show boot-config',
      ],
      {
        refusals: 'go-on',
        unless: ({ start }) => (start.image === undefined ? 'it does not say which image it boots' : undefined),
      },
    ),
    ...Object.entries(ACTING).map(
      ([line, name]): KitStep => ({
        name,
        format: 'completions',
        commands: typed(line),
        mayFail: true,
        unless: overEapi,
      }),
    ),
  ],
  judge: (seen) => [...exec(seen), ...bootWords(seen), ...bootSystem(seen), ...words(seen)],
}

function exec(seen: ProbeAnswers) {
  if (seen.worked('exec') !== true) return []
  const ran = [1, 2, 3].map((at) => seen.worked('exec', at) === true && seen.text('exec', at)?.trim() !== '')
  const names = ['do show clock', 'show clock', 'ping 127.0.0.1']
  const not = names.filter((_, at) => ran[at] !== true)
  return judged(
    'exec-in-config',
    not.length === 0,
    'exec commands run in a session, with and without `do`',
    `it does not run in a session: ${not.join(', ')}`,
  )
}

function bootWords(seen: ProbeAnswers) {
  const text = seen.text('boot-before')
  const known =
    text !== undefined && /^Software image: \S/m.test(text) && /^Aboot password \(encrypted\): \S/m.test(text)
  return judged(
    'boot-config-words',
    text === undefined ? undefined : known,
    '`Software image: …`, `Aboot password (encrypted): …`',
    `it prints \`${text?.trim() ?? ''}\``,
  )
}

function bootSystem(seen: ProbeAnswers) {
  if (seen.worked('boot') !== true) return []
  const words = seen.words('boot', 1)
  return judged(
    'boot-system-in-session',
    words === undefined,
    'a config session takes `boot system`',
    `a config session refuses \`boot system\`: ${words ?? ''}`,
  )
}

function completions(seen: ProbeAnswers, step: string) {
  const outcome = seen.outcome(step)
  const offered = outcome?.ok === true && isJsonObject(outcome.result) ? outcome.result.completions : undefined
  return isJsonObject(offered ?? null) ? Object.keys(offered ?? {}) : []
}

function words(seen: ProbeAnswers) {
  const offered = completions(seen, ACTING[''])
  const acting = Object.entries(ACTING).filter(([line, step]) => line !== '' && completions(seen, step).length > 0)
  if (offered.length === 0 && acting.length === 0) return []
  const unknown = offered.filter((word) => !EXEC_WORDS.has(word.toLowerCase()) && !ASIDE.has(word))
  return judged(
    'exec-words',
    unknown.length === 0,
    `${offered.length} words begin commands of exec mode, and the list has each; there are ${acting.map(([line]) => `\`${line.trim()}\``).join(', ')}`,
    `these words begin commands of exec mode, and the list lacks them: ${unknown.join(', ')}`,
  )
}

// What is typed before a command, and into a pipe or a comment.
const ASIDE: ReadonlySet<string> = new Set(['no', 'default', 'do', '!', '|', '?'])
