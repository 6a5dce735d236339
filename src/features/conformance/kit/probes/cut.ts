import { KIT, LIST, type Probe, typed } from '../contract/probe.ts'
import { judged, type ProbeAnswers } from '../contract/seen.ts'

const [USER, CUT] = [`${KIT}-1`, `${KIT}-2`]
const overEapi = ({ start }: ProbeAnswers): string | undefined =>
  start.isTyped ? 'it is tried over eAPI alone' : undefined

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
    { name: 'before', format: 'text', commands: typed('show running-config') },
    {
      name: 'user',
      format: 'text',
      commands: typed(
        `configure session ${USER}`,
        `username ${KIT} privilege 1 secret ${password}`,
        'end',
        `configure session ${USER} commit timer 00:02:00`,
      ),
      unless: overEapi,
    },
    {
      name: 'without-enable',
      format: 'text',
      commands: typed('show clock', 'show running-config', 'configure'),
      refusals: 'go-on',
      login: 'user-of-the-kit',
      mayFail: true,
      unless: (seen) => (seen.worked('user', 3) === true ? undefined : 'there is no such user'),
    },
    { name: 'abort', format: 'text', commands: typed(`configure session ${USER} abort`), refusals: 'go-on' },
    { name: 'without-user', format: 'text', commands: typed('show running-config'), wait: 10 },
    {
      name: 'cut',
      format: 'text',
      commands: typed(`configure session ${CUT}`, 'no management api http-commands', 'end'),
      unless: notAsBefore,
    },
    {
      name: 'armed',
      format: 'text',
      commands: typed(`configure session ${CUT} commit timer 00:01:00`),
      mayFail: true,
      unless: (seen) =>
        notAsBefore(seen) ?? (seen.worked('cut', 2) === true ? undefined : 'the block was not taken away'),
    },
    {
      name: 'cut-off',
      format: 'text',
      commands: typed('show clock'),
      wait: 5,
      anew: true,
      mayFail: true,
      unless: notAsBefore,
    },
    { name: 'back', format: 'json', commands: LIST, wait: 60, anew: true, patience: 300, unless: notAsBefore },
    { name: 'running', format: 'text', commands: typed('show running-config'), wait: 12, unless: notAsBefore },
  ],
  judge: (seen) => [...withoutEnable(seen), ...cutOff(seen)],
}

function notAsBefore(seen: ProbeAnswers): string | undefined {
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
    {
      holds: `without \`enable\` show commands run, and others are refused: \`${PRIVILEGED}\``,
      fails: `without \`enable\`, \`show running-config\`: ${said[0]}; \`configure\`: ${said[1]}`,
    },
  )
}

function cutOff(seen: ProbeAnswers) {
  const [before, running] = [seen.text('before'), seen.text('running')]
  const isArmed = seen.worked('armed') === true || seen.failure('armed') !== undefined
  if (!isArmed || before === undefined || running === undefined) return []
  const failure = seen.failure('cut-off')
  return [
    ...judged('eapi-block', failure !== undefined && failure.error !== 'unauthenticated', {
      holds: 'without the block of eAPI nothing answers, and with it the switch answers again',
      fails: 'eAPI answers without its block',
    }),
    ...judged('reverts-by-itself', running === before, {
      holds: 'the timer brings management back that its commit has cut off',
      fails: 'the timer ran out over management that was cut off, and running-config is not the one before',
    }),
  ]
}
