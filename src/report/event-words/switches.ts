import type { ExecutionState } from '../../change/engine/state.ts'
import type { EventBody } from '../../change/record/event/event.ts'
import type { Act } from '../../model/act.ts'
import type { Verdict } from '../../model/verdict.ts'
import { END_WORDS } from '../phrases/end-words.ts'
import { judgedOn } from '../phrases/neighbor-check.ts'
import { networkInShort, networkSentence } from '../phrases/network-words.ts'
import { firstLine, spokenSwitches, spokenTime } from '../phrases/spoken.ts'
import { duration, switches } from '../text/count.ts'
import { errorWords, given, parts } from './phrase.ts'
import { type ShortWords, type StatesAround, tell, type WordsTable } from './row.ts'

type Of<T extends EventBody['type']> = Extract<EventBody, { readonly type: T }>

const ACTS: Readonly<Record<Act, readonly [doing: string, did: string, tone?: ShortWords['tone']]>> = {
  hold: ['open the owner session', 'owner session opened'],
  release: ['end the owner session', 'owner session ended'],
  stage: ['loading the change into a config session', 'change loaded and shown', 'idle'],
  replay: ['load its own configuration into a throw-away session', 'can replay its own configuration'],
  prune: ['delete checkpoints of earlier changes', 'checkpoints of earlier changes deleted'],
  arm: ['timed commit', 'committed under its timer', 'live'],
  confirm: ['confirm', 'confirmed', 'ok'],
  save: ['save startup-config', 'saved and read back', 'ok'],
  abort: ['abort the session', 'session aborted', 'undo'],
  restore: ['restore the checkpoint', 'checkpoint restored', 'undo'],
  boot: ['change what it boots', 'boot lines read back', 'undo'],
}

export const SWITCH_WORDS = {
  ActIntended: {
    long: ({ act, session, checkpoint, seconds, locked, held, checkpoints = [] }) =>
      parts(
        `${act}, session ${session}`,
        given(checkpoint, (name) => `checkpoint ${name}`),
        checkpoints.join(' '),
        given(seconds, (timer) => `commit timer ${duration(timer)}`),
        locked === true && 'under configure lock',
        given(held, (owner) => `under owner session ${owner}`),
      ),
    terminal: ({ act, seconds = 0 }) =>
      act === 'arm' ? tell(`${ACTS.arm[0]}, ${duration(seconds)} to confirm …`, '  ') : undefined,
  },
  ActFinished: {
    long: ({ act, session, outcome, error }) =>
      `${act} ${outcome}, session ${session}${given(error, (one) => `: ${errorWords(one)}`)}`,
    terminal: (event) => (event.outcome === 'done' ? tell(ACTS[event.act][1], '  ') : notDone(event)),
    page: (event, states) => (event.outcome === 'done' ? doneOnPage(event, states) : notDone(event)),
  },
  DeviceLeftOut: {
    long: ({ by, error }) =>
      `left out (${by === 'maxFailures' ? 'a failure under maxFailures' : '--skip-unreachable'}): ${errorWords(error)}`,
    short: ({ error }) => tell(`left out: ${error.message}`, '! '),
  },
  DeviceReleased: ({ released, reason }) => `its quarantine, because of ${released}, is ended: ${reason}`,
  DeviceSettled: {
    long: ({ found, detail, unrecorded = [] }) =>
      `${found}: ${detail}${unrecorded.length === 0 ? '' : `; on no record here: ${unrecorded.join(', ')}`}`,
    terminal: asked,
    // Else it is asked on its way back, and what was read is part of where it ended.
    page: (event, { before }) => (isInDoubt(before, event.device) ? asked(event) : undefined),
  },
  VerdictGiven: {
    long: ({ check, round, verdict }) => `${check}, round ${round}: ${verdictWords(verdict)}`,
    terminal: ({ device, check, verdict }) => ({ ...judged(`${device} ${check}`, verdict), isWhole: true }),
    page: (event) => {
      const { verdict } = event
      if (verdict.status === 'pass' || verdict.status === 'skip') return undefined
      const { check, of } = judgedOn(event)
      const name = of === undefined ? check : `${check} on ${of}`
      if (verdict.status === 'error') return judged(name, verdict)
      const [first, ...others] = verdict.reasons
      const more = others.length === 0 ? '' : `, and ${others.length} more`
      return judged(name, { status: 'fail', reasons: [`${firstLine(first)}${more}`] })
    },
  },
  UndoStarted: { long: () => 'putting it back', terminal: () => tell('putting it back …', '↺ ') },
  UndoFinished: {
    long: ({ end, detail }) => `${END_WORDS[end]}: ${detail}`,
    short: ({ end, detail }) =>
      end === 'unknown' ? tell(`unknown: ${detail}`, '? ') : tell(`${END_WORDS[end]}: ${detail}`, '↺ '),
  },
  NetworkAwaited: {
    long: ({ devices, within }) =>
      `${spokenSwitches(devices)}: free for other executions; the network is read until it is as before, ${spokenTime(within)} at most`,
    short: ({ devices, within }) =>
      tell(
        `reading the network of ${spokenSwitches(devices)} until it is as before, ${spokenTime(within)} at most …`,
        '↺ ',
      ),
  },
  NetworkRead: {
    long: networkSentence,
    short: (event) => tell(networkInShort(event), NETWORK_MARK[event.network]),
  },
  SharesAwaited: {
    long: waitingForShares,
    short: (event) => tell(`${waitingForShares(event)} …`, '! '),
  },
  SharesTaken: ({ shares, budgets, beside }) =>
    parts(
      `${spokenSwitches([...new Set(shares.map(({ device }) => device))])} counted as under change: ${budgets.map(({ budget, max }) => `${budget}, at most ${max}`).join('; ')}`,
      beside.length > 0 && `beside ${[...new Set(beside.map(({ execution }) => execution))].join(' ')}`,
    ),
  CloudVisionAsked: {
    long: cloudVisionSaid,
    short: (event) => (isQuiet(event) ? undefined : tell(cloudVisionSaid(event), '! ')),
  },
  SharesGivenBack: ({ devices }) => `${spokenSwitches(devices)} under change no more`,
} satisfies Partial<WordsTable>

function isQuiet({ answer, controls = [] }: Of<'CloudVisionAsked'>) {
  return answer === 'free' && controls.length === 0
}

function cloudVisionSaid({ answer, devices, known = [], controls = [], because, goesOn }: Of<'CloudVisionAsked'>) {
  if (answer === 'unknown')
    return `CloudVision does not say whether it changes ${spokenSwitches(devices)} now: ${because ?? ''}${goesOn === true ? '; the settings let it go on' : ''}`
  const found = controls.map(({ id, name, standing, devices: on, at }) => {
    const where = on.length === 0 ? ', it does not say where' : ` on ${spokenSwitches(on)}`
    return `${name === undefined ? id : `${name} (${id})`} ${CONTROL_WORDS[standing]}${given(at, (time) => ` for ${time}`)}${where}`
  })
  return parts(
    `CloudVision has ${known.length} of ${switches(devices.length)} in its inventory`,
    found.length === 0 ? 'no change control runs on them' : `change control ${found.join(', ')}`,
  )
}

const CONTROL_WORDS = { running: 'runs', unclear: 'was started and may run', scheduled: 'is scheduled' } as const

// Which budgets are full, and who has them since when.
function waitingForShares({ devices, full }: Of<'SharesAwaited'>) {
  const which = full.map(({ budget, max, held, before }) => {
    const who = held.map(({ execution, since }) => `${execution} since ${since}`)
    const earlier = before.length === 0 ? [] : [`asked for earlier by ${before.join(', ')}`]
    return `at most ${max} of ${budget} may be under change (${[...who, ...earlier].join(', ')})`
  })
  return `${spokenSwitches(devices)}: waiting: ${which.join('; ')}`
}

const NETWORK_MARK = { same: '↺ ', differs: '! ', unknown: '? ' } as const

function notDone({ act, outcome, error }: Of<'ActFinished'>) {
  return outcome === 'unknown'
    ? tell(`${ACTS[act][0]}: no answer; asking the switch`, '? ', { tone: 'live' })
    : tell(`${ACTS[act][0]}: ${error?.message ?? 'refused'}`, '✖ ')
}

function doneOnPage({ act, device }: Of<'ActFinished'>, { before, after }: StatesAround) {
  const [, did, tone] = ACTS[act]
  const history = after.devices.get(device)
  if (tone === undefined) return undefined
  if (act === 'stage' && before.devices.get(device)?.phase !== 'staging') return undefined
  if (act === 'abort' && history?.phase !== 'ended') return undefined
  return tell(act === 'arm' ? `committed under a ${spokenTime(history?.timer ?? 0)} timer` : did, '  ', { tone })
}

function asked({ detail }: Of<'DeviceSettled'>) {
  return tell(`asked: ${detail}`, '  ')
}

function isInDoubt({ devices }: ExecutionState, device: string) {
  return ['arming', 'confirming', 'saving'].includes(devices.get(device)?.phase ?? '')
}

function judged(name: string, verdict: Verdict) {
  switch (verdict.status) {
    case 'pass':
      return tell(name, '  ✔ ')
    case 'skip':
      return tell(`${name}: ${verdict.reason}`, '  ○ ')
    case 'fail':
      return tell(`${name}: ${inShort(verdict.reasons)}`, '  ✖ ')
    case 'error':
      return tell(`${name} could not be judged: ${verdict.reason}`, '  ? ')
  }
}

function inShort(reasons: readonly string[]) {
  const rest = reasons.length - REASONS
  return rest < 2 ? reasons.join('; ') : `${reasons.slice(0, REASONS).join('; ')}; and ${rest} more`
}

const REASONS = 3

function verdictWords(verdict: Verdict) {
  switch (verdict.status) {
    case 'pass':
      return ['pass', ...verdict.facts].join(': ')
    case 'fail':
      return `fail: ${verdict.reasons.join('; ')}`
    case 'skip':
    case 'error':
      return `${verdict.status}: ${verdict.reason}`
  }
}
