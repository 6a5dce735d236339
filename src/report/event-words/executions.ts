import { isStoppedTooLate } from '../../change/engine/outcome.ts'
import type { EventBody, Outcome } from '../../change/record/event/event.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { probeName } from '../../model/probe.ts'
import { DECIDED, provedWords } from '../phrases/decision.ts'
import { boundsWords } from '../phrases/disruption.ts'
import { END_WORDS } from '../phrases/end-words.ts'
import { OUTCOME_WORDS } from '../phrases/outcome-words.ts'
import { personName } from '../phrases/person-name.ts'
import { spokenTime } from '../phrases/spoken.ts'
import { count, short, switches } from '../text/count.ts'
import { brief, errorWords, given, parts, sourceWords } from './phrase.ts'
import { type ShortWords, tell, type WordsTable } from './row.ts'

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
        given(event.network, (network) => `its store on a network file system (${network})`),
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

function endsOf(devices: Readonly<Record<string, DeviceEnd>>) {
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
