import {
  judged,
  KIT,
  LOOPBACK,
  LOOPBACK_LINES,
  listing,
  NO_LOOPBACK,
  overEapi,
  type Probe,
  type ProbeAnswers,
  sameWords,
  shown,
  step,
} from '../contract/probe.ts'

const [LOCKED, SAVED, BOOTED] = [`${KIT}-1`, `${KIT}-2`, `${KIT}-3`]
const SAVE = 'copy running-config startup-config'

/** K11: the lock, a save under a timer, and a reboot under one. */
export const DISRUPTIVE: Probe = {
  id: 'K11',
  title: 'the configure lock, a save and a reboot under a timer',
  disruptive: true,
  requires: 'replays-own-text',
  rows: ['lock-ends', 'lock-words', 'commit-under-lock', 'save-under-timer', 'reboot-under-timer'],
  sessions: [LOCKED, SAVED, BOOTED],
  steps: () => [
    shown('before'),
    step('lock', ['configure lock']),
    step('behind-lock', [`configure session ${LOCKED}`, 'end'], { anew: true }),
    step('unlock', ['configure unlock']),
    step('under-lock', ['configure lock', `configure session ${LOCKED} commit timer 00:02:00`, 'configure unlock'], {
      refusals: 'go-on',
    }),
    step('abort', [`configure session ${LOCKED} abort`], { refusals: 'go-on' }),
    step('open', [`configure session ${SAVED}`, ...LOOPBACK_LINES, 'end']),
    step('arm', [`configure session ${SAVED} commit timer 00:02:00`]),
    step('save', [SAVE]),
    step('abort-saved', [`configure session ${SAVED} abort`]),
    step('saved', ['show startup-config', 'show running-config'], { wait: 12 }),
    step('save-back', [SAVE], { unless: notAsBefore('saved', 1) }),
    step('open-third', [`configure session ${BOOTED}`, ...LOOPBACK_LINES, 'end'], { unless: notSavedBack }),
    step('arm-third', [`configure session ${BOOTED} commit timer 00:20:00`], { unless: notSavedBack }),
    step('reload', ['reload now'], { mayFail: true, unless: notSavedBack }),
    listing('booted', { wait: 30, anew: true, patience: 900, unless: notSavedBack }),
    shown('running', { unless: notSavedBack }),
  ],
  undo: [NO_LOOPBACK, shown('undone'), step('save-undone', [SAVE], { unless: notAsBefore('undone', 0) })],
  judge: (seen) => [...lock(seen), ...save(seen), ...reboot(seen)],
}

function notAsBefore(step: string, command: number): (seen: ProbeAnswers) => string | undefined {
  return (seen) => (seen.text(step, command) === seen.text('before') ? undefined : 'running-config is not as before')
}

function notSavedBack(seen: ProbeAnswers): string | undefined {
  return seen.worked('save-back') === true ? undefined : 'startup-config is not as before'
}

function lock(seen: ProbeAnswers) {
  if (seen.worked('lock') !== true) return []
  const [behind, committed] = [seen.words('behind-lock'), seen.words('under-lock', 1)]
  return [
    ...judged(
      'lock-ends',
      behind === undefined,
      'the lock ends with the connection that took it',
      `the lock outlives the connection that took it: ${behind ?? ''}`,
    ),
    ...(behind === undefined ? sameWords(seen, 'lock-words', 'notLocked', seen.text('unlock')) : []),
    ...(seen.worked('under-lock') === true
      ? judged(
          'commit-under-lock',
          committed === undefined,
          'an empty timed commit goes through under the lock',
          `a timed commit is refused under the lock: ${committed ?? ''}`,
        )
      : []),
  ]
}

function save(seen: ProbeAnswers) {
  const startup = seen.text('saved')
  if (startup === undefined || seen.worked('save') !== true || seen.worked('abort-saved') !== true) return []
  return judged(
    'save-under-timer',
    startup.includes(`\n${LOOPBACK}\n`),
    'a save under a timer keeps the unconfirmed lines in startup-config',
    'a save under a timer keeps nothing of the unconfirmed lines',
  )
}

function reboot(seen: ProbeAnswers) {
  const [list, running] = [seen.list('booted'), seen.text('running')]
  if (list === undefined || running === undefined || seen.worked('arm-third') !== true) return []
  const empty = list.table.armed === undefined && list.table.sessions[BOOTED] === undefined
  return judged(
    'reboot-under-timer',
    empty && running === seen.text('before'),
    'a reboot under a timer ends in startup-config, without the session and the timer',
    empty ? 'a reboot under a timer does not end in startup-config' : 'the session or its timer outlives a reboot',
  )
}

const [USER, CUT] = [`${KIT}-1`, `${KIT}-2`]
/**
 * K12: how a user is refused who has not typed `enable`, and management that is cut off: nobody but the timer of the switch brings it back, so that
 * the switch has to have shown that one does.
 */
export const CUTTING: Probe = {
  id: 'K12',
  title: 'a user without `enable`, and eAPI that a timed commit takes away',
  disruptive: true,
  requires: 'replays-own-text',
  behind: 'reverts-by-itself',
  rows: ['without-enable', 'eapi-block', 'reverts-by-itself'],
  sessions: [USER, CUT],
  steps: ({ password = '<a password of this run>' }) => [
    shown('before'),
    step(
      'user',
      [
        `configure session ${USER}`,
        `username ${KIT} privilege 1 secret ${password}`,
        'end',
        `configure session ${USER} commit timer 00:02:00`,
      ],
      { unless: overEapi },
    ),
    step('without-enable', ['show clock', 'show running-config', 'configure'], {
      refusals: 'go-on',
      login: 'user-of-the-kit',
      mayFail: true,
      unless: (seen) => (seen.worked('user', 3) === true ? undefined : 'there is no such user'),
    }),
    step('abort', [`configure session ${USER} abort`], { refusals: 'go-on' }),
    shown('without-user', { wait: 10 }),
    step('cut', [`configure session ${CUT}`, 'no management api http-commands', 'end'], { unless: notBackYet }),
    step('armed', [`configure session ${CUT} commit timer 00:01:00`], {
      mayFail: true,
      unless: (seen) =>
        notBackYet(seen) ?? (seen.worked('cut', 2) === true ? undefined : 'the block was not taken away'),
    }),
    step('cut-off', ['show clock'], { wait: 5, anew: true, mayFail: true, unless: notBackYet }),
    listing('back', { wait: 60, anew: true, patience: 300, unless: notBackYet }),
    shown('running', { wait: 12, unless: notBackYet }),
  ],
  judge: (seen) => [...withoutEnable(seen), ...cutOff(seen)],
}

function notBackYet(seen: ProbeAnswers) {
  const same = seen.text('without-user') === seen.text('before')
  return overEapi(seen) ?? (same ? undefined : 'running-config is not as before')
}

const PRIVILEGED = 'Invalid input (privileged mode required)'

function withoutEnable(seen: ProbeAnswers) {
  const [shown, read, configured] = [0, 1, 2].map((at) => seen.outcome('without-enable', at))
  if (shown?.ok !== true || read === undefined || configured === undefined) return []
  const said = [read, configured].map((outcome) => (outcome.ok ? 'it is carried out' : outcome.errors.join('; ')))
  return judged(
    'without-enable',
    said.every((words) => words === PRIVILEGED),
    `without \`enable\` show commands run, and others are refused: \`${PRIVILEGED}\``,
    `without \`enable\`, \`show running-config\`: ${said[0]}; \`configure\`: ${said[1]}`,
  )
}

function cutOff(seen: ProbeAnswers) {
  const same = seen.same('before', 'running')
  const isArmed = seen.worked('armed') === true || seen.failure('armed') !== undefined
  if (!isArmed || same === undefined) return []
  const failure = seen.failure('cut-off')
  return [
    ...judged(
      'eapi-block',
      failure !== undefined && failure.error !== 'unauthenticated',
      'without the block of eAPI nothing answers, and with it the switch answers again',
      'eAPI answers without its block',
    ),
    ...judged(
      'reverts-by-itself',
      same,
      'the timer brings management back that its commit has cut off',
      'the timer ran out over management that was cut off, and running-config is not the one before',
    ),
  ]
}

const KEPT = `flash:${KIT}-startup`
const BACK = `rename ${KEPT} flash:startup-config`

/** K3: what the switch says without a startup-config: its file is renamed and renamed back in one request. */
export const STARTUP: Probe = {
  id: 'K3',
  title: 'no startup-config, for the length of one request',
  rows: ['no-startup-words'],
  sessions: [],
  steps: () => [
    step('renamed', [`rename flash:startup-config ${KEPT}`, 'show running-config diffs', 'show startup-config', BACK], {
      refusals: 'go-on',
      // One request of eAPI is carried out to its end whatever becomes of us; what is typed at a terminal is not.
      unless: overEapi,
    }),
  ],
  undo: [step('rename-back', [BACK], { refusals: 'go-on' })],
  judge: (seen) => (seen.worked('renamed') === true ? words(seen) : []),
}

function words(seen: ProbeAnswers) {
  return [1, 2].flatMap((at) => sameWords(seen, 'no-startup-words', 'noStartup', seen.text('renamed', at)))
}
