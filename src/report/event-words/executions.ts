import { isStoppedTooLate } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { EventBody, Outcome } from '../../change/record/event/event.ts'
import type { Act, DeviceEnds } from '../../model/act.ts'
import type { Verdict } from '../../model/error.ts'
import { probeName } from '../../model/probe.ts'
import { DECIDED, provedWords } from '../phrases/decision.ts'
import { boundsWords, networkInShort, networkSentence } from '../phrases/disruption.ts'
import { END_WORDS } from '../phrases/end-words.ts'
import { judgedOn } from '../phrases/live-line.ts'
import { OUTCOME_WORDS } from '../phrases/outcome-words.ts'
import { personName } from '../phrases/person-name.ts'
import { firstLine, spokenSwitches, spokenTime } from '../phrases/spoken.ts'
import { count, duration, parts, short, switches } from '../text/text.ts'
import { brief, errorWords, given, sourceWords } from './phrase.ts'
import { type ShortWords, type StatesAround, tell, type WordsTable } from './row.ts'

type Acted = Extract<EventBody, { readonly type: 'AroundActed' }>

const DID: Readonly<Record<Acted['act'], Readonly<Record<Acted['result'], string>>>> = {
  ask: {
    intended: 'is asked',
    done: 'allows the change',
    failed: 'does not allow the change',
    unknown: 'is not known',
  },
  begin: {
    intended: 'is about to begin',
    done: 'has begun',
    failed: 'could not be begun',
    unknown: 'may have begun more than once, because an answer was lost',
  },
  end: {
    intended: 'is about to be ended',
    done: 'is ended',
    failed: 'could not be ended',
    unknown: 'may not be ended',
  },
}

function aroundTurned({ phase, names, outcome }: Extract<EventBody, { readonly type: 'AroundTurned' }>) {
  const what = phase === 'begins' ? 'the change begins' : `the change has ended: ${OUTCOME_WORDS[outcome ?? 'unknown']}`
  return `${what}; told to: ${names.join(', ')}`
}

function aroundActed({ name, act, result, id, said }: Acted) {
  return `${name} ${DID[act][result]}${given(id, (one) => ` (${one})`)}${given(said, (one) => `: ${one}`)}`
}

function aroundTrouble(event: Acted) {
  if (event.result !== 'failed' && event.result !== 'unknown') return undefined
  const { name, act, result, said } = event
  return tell(`${name} ${DID[act][result]}${given(said, (one) => `: ${one}`)}`, '! ')
}

type Measured = Extract<EventBody, { readonly type: 'ProbesMeasured' }>

function probesMeasured({ phase, probes }: Measured) {
  const each = probes.map((reading) => {
    const lost = reading.gone.times === 0 ? '' : `, gone for ${boundsWords(reading.gone)}`
    return `${probeName(reading)} ${STANDING[reading.now]}${lost}`
  })
  return [PROBED[phase], ...each].join('; ')
}

const PROBED = {
  begun: 'probed from now on',
  turned: 'probes have changed',
  paused: 'not probed until somebody goes on',
  ended: 'probed until now',
} as const

const STANDING = { answers: 'answers', gone: 'does not answer', unknown: 'cannot be asked' } as const

function probesTurned({ phase, probes }: Measured) {
  if (phase !== 'turned') return undefined
  const [first, ...more] = probes
  if (first === undefined) return tell('probes have changed')
  const rest = more.length === 0 ? '' : `, and ${count(more.length, 'more probe')}`
  return tell(`${probeName(first)} ${STANDING[first.now]}${rest}`, first.now === 'answers' ? '  ' : '! ')
}

type Of<T extends EventBody['type']> = Extract<EventBody, { readonly type: T }>

const BARRIER_WORDS = { push: 'the push', confirm: 'the confirm', save: 'the save' } as const

export const EXECUTION_WORDS = {
  ExecutionStarted: {
    long: (event) =>
      parts(
        `${event.workflow} (${event.file}), ${event.purpose === 'plan' ? 'a dry run' : 'a change'} on ${event.targets.join(' ')}`,
        `parameters ${brief(event.params)}`,
        `definition ${event.definition}`,
        sourceWords(event),
        `interpreter ${event.interpreter}`,
        given(event.plan, () => 'from a saved plan'),
        given(event.request, ({ key }) => `asked for under the key ${key}`),
        event.network !== undefined && `its store on a network file system (${event.network})`,
      ),
    terminal: ({ workflow, execution = '', targets }) =>
      tell(`${workflow} · execution ${execution} · ${targets.length} selected`, '', { look: 'bold' }),
    page: ({ requester }) => tell(`started by ${personName(requester)}`),
  },
  ExecutionResumed: {
    long: ({ abandoned = [], ownerDied = false, restored = false }) =>
      `resumed${ownerDied ? ' after its worker died' : ''}${restored ? ' from a backup' : ''}: every switch is asked for its state${abandoned.length === 0 ? '' : `; the process before has left ${abandoned.join(' ')} in the middle of the change`}`,
    // Nobody asked a worker or a server that goes on by itself: they are named, and why where another one has died.
    terminal: ({ actor, byItself, ownerDied }) => {
      if (byItself !== true) return tell('resumed: the switches are asked for their state')
      return ownerDied === true
        ? tell(`${actor} takes it over: who had it has died`, '', { tone: 'live' })
        : tell(`${actor} goes on with it`)
    },
    page: (_, { gap }) => {
      const again = 'Taken up again: every switch is asked for its state'
      if (gap === undefined) return tell(again)
      const time = spokenTime(Math.ceil((gap.to - gap.from) / 1000))
      const words = `its process had ended without a word, and nobody ran it for ${time}. ${again}`
      return tell(words, '', { tone: 'bad' })
    },
  },
  ExecutionRedriven: {
    long: () => 'started again from where it failed',
    short: () => tell('redriven: started again from where it failed'),
  },
  SignalSent: ({ token, answer }) => `${answerWords(answer)} for token ${short(token)}`,
  StopRequested: {
    long: ({ stopped, reason }) => `${stopped} is to stop${because(reason)}`,
    terminal: ({ actor, reason }) => tell(`${actor} wants it to stop${because(reason)}`, '', { tone: 'live' }),
  },
  SuspendRequested: {
    long: ({ suspended, reason }) => `${suspended} is to rest at its next safe point${because(reason)}`,
    terminal: ({ actor, reason }) => tell(`${actor} wants it to rest${because(reason)}`, '', { tone: 'live' }),
  },
  PlanMade: {
    long: ({ digest, waves, unchanged }) =>
      `${digest}: waves ${waves.map((wave) => wave.join(' ')).join(' | ')}; ${switches(unchanged.length)} unchanged`,
    short: ({ digest, waves, unchanged }) =>
      tell(`plan ${short(digest)}: ${waves.flat().length} to change, ${unchanged.length} unchanged`),
  },
  ApprovalRequested: ({ plan, reason }) => (reason === undefined ? plan : `${plan}: ${reason}`),
  ApprovalDecided: {
    long: ({ statement: { decision, approver, plan, expires, comment }, signature, undoes }) =>
      `${DECIDED[decision]} by ${approver.id}${provedWords(signature)}: ${plan}${undoes === undefined ? '' : `, the undo of ${undoes}`}, holds until ${expires}${comment === '' ? '' : ` (${comment})`}`,
    terminal: ({ statement: { decision, approver } }) => tell(`${DECIDED[decision]} by ${approver.id}`),
  },
  ApprovalUsed: {
    long: ({ plan, nonce, use, anyStore }) =>
      `${plan}, approval ${nonce}${use === undefined || use === 1 ? '' : `, use ${use}`}${anyStore === true ? ', not single-use: the policy takes approvals of any store' : ''}`,
    page: () => tell('approval used'),
  },
  ApprovalInvalidated: {
    long: ({ plan, condition, reason }) => `${plan}: ${condition}: ${reason}`,
    page: ({ reason }) => tell(`the plan may not be sent: ${reason}`, '✖ '),
  },
  CompensationStarted: {
    long: ({ reason, error }) => `${reason}: ${errorWords(error)}`,
    terminal: ({ reason, error }) => {
      if (reason === 'cancelled') return tell('somebody asked to stop it', '', { tone: 'live' })
      return reason === 'timed-out' ? tell(errorWords(error), '✖ ') : undefined
    },
    page: ({ reason }, { after }) =>
      isStoppedTooLate(after)
        ? tell('it was asked to stop, too late to put it back: every site had been let save', '! ')
        : tell(`${COMPENSATED[reason]}: what was changed is being put back`, '✖ '),
  },
  ExecutionEnded: {
    long: ({ outcome, devices, error }) =>
      `${outcome}: ${endsOf(devices)}${given(error, (one) => `; ${errorWords(one)}`)}`,
    page: ({ outcome }) => tell(`ended: ${OUTCOME_WORDS[outcome]}`, '', { tone: END_TONE[outcome] }),
  },
  JudgesMeasured: {
    long: ({ judges, series }) => `${judges.join(', ')}: ${series} values of before the change are kept`,
    short: ({ judges }) => tell(`${judges.join(', ')}: measured before the change`),
  },
  AroundTurned: aroundTurned,
  AroundActed: { long: aroundActed, short: aroundTrouble },
  ProbesMeasured: { long: probesMeasured, short: probesTurned },
  SnapshotTaken: ({ name, devices, adopted = [] }) =>
    `${name}: ${devices.join(' ')}${adopted.length === 0 ? '' : ', adopted as intended'}`,
  SitesDivided: ({ sites }) =>
    sites.map(({ site, execution, targets }) => `${site}: ${execution} changes ${targets.join(' ')}`).join('; '),
  BarrierReached: ({ barrier, until }) =>
    `waits for the other sites before ${BARRIER_WORDS[barrier]}${given(until, (time) => `, until ${time} at the longest`)}`,
  BarrierLeft: ({ barrier, reason }) =>
    `waits no longer for the other sites before ${BARRIER_WORDS[barrier]}: ${reason}`,
  BarrierDecided: {
    long: ({ barrier, decision, reason }) =>
      `${BARRIER_WORDS[barrier]} is ${decision} for all sites${given(reason, because)}`,
    page: ({ barrier, decision, reason = '' }) =>
      decision === 'released'
        ? tell(`all sites are let ${barrier}`)
        : tell(`no site is let ${barrier}: ${reason}`, '✖ '),
  },
  SiteEnded: {
    long: ({ site, child, outcome, devices }) => `${site}: ${child} ${outcome}: ${endsOf(devices)}`,
    page: ({ site, outcome }) =>
      tell(`the site ${site} ended: ${OUTCOME_WORDS[outcome]}`, '', { tone: END_TONE[outcome] }),
  },
} satisfies Partial<WordsTable>

const COMPENSATED = { failure: 'it failed', cancelled: 'it was stopped', 'timed-out': 'its time is over' } as const

const END_TONE: Readonly<Record<Outcome, ShortWords['tone']>> = {
  ...{ planned: 'idle', 'nothing-to-do': 'idle', succeeded: 'ok', tolerated: 'ok' },
  ...{ refused: 'bad', 'rolled-back': 'undo', cancelled: 'undo', failed: 'bad', unknown: 'bad' },
}

function because(reason: string) {
  return reason === '' ? '' : `: ${reason}`
}

function endsOf(devices: DeviceEnds) {
  return Object.entries(devices)
    .map(([name, end]) => `${name} ${END_WORDS[end]}`)
    .join(', ')
}

function answerWords(answer: Of<'SignalSent'>['answer']) {
  switch (answer.signal) {
    case 'heartbeat':
      return 'a sign of life'
    case 'success':
      return `success with ${brief(answer.output)}`
    case 'failure':
      return `failure ${[answer.error, answer.cause].filter((part) => part !== null).join(': ')}`
  }
}

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
        checkpoint !== undefined && `checkpoint ${checkpoint}`,
        checkpoints.join(' '),
        seconds !== undefined && `commit timer ${duration(seconds)}`,
        locked === true && 'under configure lock',
        held !== undefined && `under owner session ${held}`,
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
