import { checkpointNames } from '../../../../eos/device/checkpoint-names.ts'
import { compared, judged, KIT, type Probe, type ProbeAnswers, step, typed } from '../contract/probe.ts'

const [SESSION, NAME] = [`${KIT}-1`, `${KIT}-a`]
const SAVE = `configure checkpoint save ${NAME}`
const LISTED = 'show configuration checkpoints'
const ROOM = typed('dir flash:')
const MANY = Array.from({ length: 22 }, (_, at) => `${KIT}-${String(at + 1).padStart(2, '0')}`)

/** K10: how checkpoints are saved, listed, deleted, and what becomes of the oldest. */
export const CHECKPOINTS: Probe = {
  id: 'K10',
  title: 'checkpoints',
  rows: [
    'checkpoint-listed',
    'checkpoint-name-again',
    'delete-checkpoint',
    'missing-file-words',
    'checkpoint-limit',
    'checkpoint-room',
  ],
  sessions: [SESSION],
  makes: /^(?:eosflow-kit-|ckp-)/,
  steps: () => [
    { name: 'room', format: 'text', commands: ROOM },
    step('save', [SAVE, LISTED]),
    step('again', [SAVE, LISTED], { refusals: 'go-on' }),
    step('delete', [`delete checkpoint:${NAME}`, LISTED], { refusals: 'go-on' }),
    step('delete-again', [`delete checkpoint:${NAME}`]),
    step(
      'absent',
      [
        `configure session ${SESSION}`,
        `copy checkpoint:${NAME} session-config`,
        'end',
        `configure session ${SESSION} abort`,
      ],
      { refusals: 'go-on' },
    ),
    step('fill', [...MANY.map((name) => `configure checkpoint save ${name}`), LISTED], {
      refusals: 'go-on',
      unless: others,
    }),
    step('shared', [`configure session ${SESSION}`, 'end', `configure session ${SESSION} commit`, LISTED], {
      unless: others,
    }),
    { name: 'room-filled', format: 'text', commands: ROOM, unless: others },
    step('empty', [...MANY.map((name) => `delete checkpoint:${name}`)], { refusals: 'go-on', unless: others }),
    { name: 'room-after', format: 'text', commands: ROOM, unless: others },
  ],
  judge: (seen) => [...listed(seen), ...again(seen), ...deleted(seen), ...absent(seen), ...limit(seen), ...room(seen)],
}

// The oldest ones go: they must not be somebody else's.
function others({ start }: ProbeAnswers): string | undefined {
  return start.checkpoints.length === 0 ? undefined : 'it has checkpoints of others, which might go'
}

function namesIn(seen: ProbeAnswers, step: string, at = 1) {
  const text = seen.text(step, at)
  return text === undefined ? undefined : checkpointNames(text)
}

function listed(seen: ProbeAnswers) {
  const names = namesIn(seen, 'save')
  return judged(
    'checkpoint-listed',
    names?.includes(NAME),
    'a checkpoint is listed in the request that saves it',
    'a checkpoint is not listed in the request that saves it',
  )
}

function again(seen: ProbeAnswers) {
  const [before, after] = [namesIn(seen, 'save'), namesIn(seen, 'again')]
  if (before === undefined || after === undefined) return []
  const words = seen.words('again')
  return judged(
    'checkpoint-name-again',
    words === undefined && after.length === before.length,
    'a second checkpoint of one name takes the place of the first',
    words === undefined ? 'there are two checkpoints of one name' : `it refuses a second one of a name: ${words}`,
  )
}

function deleted(seen: ProbeAnswers) {
  const [names, said, words] = [namesIn(seen, 'delete'), seen.text('delete')?.trim(), seen.words('delete-again')]
  if (names === undefined || seen.all('delete-again').length === 0) return []
  const complains = words !== undefined && /^Error\b/.test(words)
  return judged(
    'delete-checkpoint',
    !names.includes(NAME) && said === '' && complains,
    'a checkpoint is deleted without a word, and `Error …` is said where there is none',
    `deleting says \`${said ?? ''}\`, and once more \`${words ?? seen.text('delete-again')?.trim() ?? ''}\``,
  )
}

function absent(seen: ProbeAnswers) {
  const words = seen.text('absent', 1)
  return judged(
    'missing-file-words',
    words?.includes('(No such file or directory)'),
    '`No such file or directory`',
    `a checkpoint that is not there: \`${words?.trim() ?? ''}\``,
  )
}

function limit(seen: ProbeAnswers) {
  const [filled, shared] = [namesIn(seen, 'fill', MANY.length), namesIn(seen, 'shared', 3)]
  if (filled === undefined || shared === undefined) return []
  const oldest = filled.includes(MANY[0] ?? '') ? 'the oldest stays' : 'the oldest goes'
  return [
    ...compared('checkpoint-limit', seen.rules.maxCheckpoints, filled.length, 'maxCheckpoints'),
    ...judged(
      'checkpoint-limit',
      shared.length === filled.length && oldest === 'the oldest goes',
      'an automatic checkpoint counts, and the oldest goes',
      `${oldest}, and with an automatic one there are ${shared.length}`,
    ),
  ]
}

function room(seen: ProbeAnswers) {
  const [before, filled, after] = ['room', 'room-filled', 'room-after'].map((step) => freeIn(seen.text(step)))
  if (before === undefined || filled === undefined || after === undefined) return []
  const [taken, kept] = [before - filled, before - after]
  return judged(
    'checkpoint-room',
    taken > 0 && kept * 2 < taken,
    'checkpoints take room on flash, and give it back when they are deleted',
    taken > 0
      ? `${MANY.length} checkpoints take ${taken} bytes of flash, of which ${kept} are gone when they are deleted`
      : `${MANY.length} checkpoints take no room on flash`,
  )
}

function freeIn(listed: string | undefined) {
  const bytes = /\((\d+) bytes free\)/.exec(listed ?? '')?.[1]
  return bytes === undefined ? undefined : Number(bytes)
}
