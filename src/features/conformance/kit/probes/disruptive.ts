import { KIT, LIST, LOOPBACK, LOOPBACK_LINES, NO_LOOPBACK, type Probe, typed } from '../contract/probe.ts'
import { judged, type ProbeAnswers, sameWords } from '../contract/seen.ts'

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
    { name: 'before', format: 'text', commands: typed('show running-config') },
    { name: 'lock', format: 'text', commands: typed('configure lock') },
    {
      name: 'behind-lock',
      format: 'text',
      commands: typed(`configure session ${LOCKED}`, 'end'),
      anew: true,
    },
    { name: 'unlock', format: 'text', commands: typed('configure unlock') },
    {
      name: 'under-lock',
      format: 'text',
      commands: typed('configure lock', `configure session ${LOCKED} commit timer 00:02:00`, 'configure unlock'),
      refusals: 'go-on',
    },
    { name: 'abort', format: 'text', commands: typed(`configure session ${LOCKED} abort`), refusals: 'go-on' },
    { name: 'open', format: 'text', commands: typed(`configure session ${SAVED}`, ...LOOPBACK_LINES, 'end') },
    { name: 'arm', format: 'text', commands: typed(`configure session ${SAVED} commit timer 00:02:00`) },
    { name: 'save', format: 'text', commands: typed(SAVE) },
    { name: 'abort-saved', format: 'text', commands: typed(`configure session ${SAVED} abort`) },
    { name: 'saved', format: 'text', commands: typed('show startup-config', 'show running-config'), wait: 12 },
    { name: 'save-back', format: 'text', commands: typed(SAVE), unless: notAsBefore('saved', 1) },
    {
      name: 'open-third',
      format: 'text',
      commands: typed(`configure session ${BOOTED}`, ...LOOPBACK_LINES, 'end'),
      unless: notSavedBack,
    },
    {
      name: 'arm-third',
      format: 'text',
      commands: typed(`configure session ${BOOTED} commit timer 00:20:00`),
      unless: notSavedBack,
    },
    { name: 'reload', format: 'text', commands: typed('reload now'), mayFail: true, unless: notSavedBack },
    { name: 'booted', format: 'json', commands: LIST, wait: 30, anew: true, patience: 900, unless: notSavedBack },
    { name: 'running', format: 'text', commands: typed('show running-config'), unless: notSavedBack },
  ],
  undo: [
    NO_LOOPBACK,
    { name: 'undone', format: 'text', commands: typed('show running-config') },
    { name: 'save-undone', format: 'text', commands: typed(SAVE), unless: notAsBefore('undone', 0) },
  ],
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
    ...judged('lock-ends', behind === undefined, {
      holds: 'the lock ends with the connection that took it',
      fails: `the lock outlives the connection that took it: ${behind ?? ''}`,
    }),
    ...(behind === undefined ? sameWords(seen, 'lock-words', 'notLocked', seen.text('unlock')) : []),
    ...(seen.worked('under-lock') === true
      ? judged('commit-under-lock', committed === undefined, {
          holds: 'an empty timed commit goes through under the lock',
          fails: `a timed commit is refused under the lock: ${committed ?? ''}`,
        })
      : []),
  ]
}

function save(seen: ProbeAnswers) {
  const startup = seen.text('saved')
  if (startup === undefined || seen.worked('save') !== true || seen.worked('abort-saved') !== true) return []
  return judged('save-under-timer', startup.includes(`\n${LOOPBACK}\n`), {
    holds: 'a save under a timer keeps the unconfirmed lines in startup-config',
    fails: 'a save under a timer keeps nothing of the unconfirmed lines',
  })
}

function reboot(seen: ProbeAnswers) {
  const [list, running] = [seen.list('booted'), seen.text('running')]
  if (list === undefined || running === undefined || seen.worked('arm-third') !== true) return []
  const empty = list.table.armed === undefined && list.table.sessions[BOOTED] === undefined
  return judged('reboot-under-timer', empty && running === seen.text('before'), {
    holds: 'a reboot under a timer ends in startup-config, without the session and the timer',
    fails: empty
      ? 'a reboot under a timer does not end in startup-config'
      : 'the session or its timer outlives a reboot',
  })
}
