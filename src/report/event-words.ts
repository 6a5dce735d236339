import { nameOf } from '../engine/fault.ts'
import type { EventBody } from '../journal/event.ts'
import type { ErrorRecord } from '../model/error.ts'
import type { Json } from '../model/json.ts'
import type { Verdict } from '../model/verdict.ts'
import { AUDIT_WORDS } from './audit-words.ts'
import { count, duration, short, switches } from './count.ts'
import { END_WORDS } from './end-words.ts'

type EventOf = { readonly [E in EventBody as E['type']]: E }

/** How much of a value a line shows; `history --json` has all of it. */
const LONGEST = 160

/** A value as one short line of JSON. */
export function brief(value: Json): string {
  const text = JSON.stringify(value)
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}

/** A state and its scope: `Push in RollOutWaves[0].RollOutWave[1]`. */
export function placeOf({ path, state }: { readonly path: string; readonly state: string }): string {
  return path === '' ? state : `${state} in ${path}`
}

/** An error with the name that Retry and Catch know it by. */
export function errorWords(error: ErrorRecord): string {
  const name = nameOf(error)
  return name === undefined || name === null || error.message.startsWith(name)
    ? error.message
    : `${name}: ${error.message}`
}

/** What each event says beside its type, the switch and what is derived. A type that is missing here does not compile. */
const WORDS: { readonly [T in keyof EventOf]: (event: EventOf[T]) => string } = {
  ExecutionStarted: ({
    workflow,
    file,
    purpose,
    targets,
    params,
    definition,
    interpreter,
    plan,
    network,
    request,
    commit,
  }) =>
    [
      `${workflow} (${file}), ${purpose === 'plan' ? 'a dry run' : 'a change'} on ${targets.join(' ')}`,
      `parameters ${brief(params)}`,
      `definition ${definition}`,
      ...(commit === undefined ? [] : [`of commit ${commit}`]),
      `interpreter ${interpreter}`,
      ...(plan === undefined ? [] : ['from a saved plan']),
      ...(request === undefined ? [] : [`asked for under the key ${request.key}`]),
      ...(network === undefined ? [] : [`its store on a network file system (${network})`]),
    ].join(' · '),
  ExecutionResumed: ({ abandoned = [], ownerDied = false, restored = false }) =>
    `resumed${ownerDied ? ' after its worker died' : ''}${restored ? ' from a backup' : ''}: every switch is asked for its state${abandoned.length === 0 ? '' : `; the process before has left ${abandoned.join(' ')} in the middle of the change`}`,
  ExecutionRedriven: () => 'started again from where it failed',
  StateEntered: placeOf,
  TaskScheduled: (event) =>
    [
      `${placeOf(event)} is due with ${brief(event.arguments)}`,
      ...(event.timeoutSeconds === undefined ? [] : [`within ${duration(event.timeoutSeconds)}`]),
      ...(event.heartbeatSeconds === undefined ? [] : [`heartbeat every ${duration(event.heartbeatSeconds)}`]),
    ].join(' · '),
  TaskStarted: placeOf,
  TaskSucceeded: placeOf,
  TaskSubmitted: (event) => `${placeOf(event)} waits for an answer from outside, token ${short(event.token)}`,
  TaskHeartbeat: (event) => `${placeOf(event)}: the outside system is alive (record ${event.signal})`,
  TaskFailed: (event) => `${placeOf(event)}: ${errorWords(event.error)}`,
  TaskTimedOut: (event) => `${placeOf(event)}: ${errorWords(event.error)}`,
  TaskWaiting: (event) => `${placeOf(event)} waits for an approval of ${event.plan}`,
  MapStarted: (event) =>
    [
      `${placeOf(event)}: ${count(event.items.length, 'item')} ${brief(event.items)}`,
      ...(event.maxConcurrency === 0 ? [] : [`${event.maxConcurrency} at a time`]),
      ...(event.tolerated === undefined || event.tolerated === 0 ? [] : [`${event.tolerated} may fail`]),
    ].join(' · '),
  MapFailed: (event) => `${placeOf(event)}: ${errorWords(event.error)}`,
  ParallelStarted: placeOf,
  ParallelFailed: (event) => `${placeOf(event)}: ${errorWords(event.error)}`,
  WaitStarted: (event) => `${placeOf(event)} waits until ${event.until}`,
  EvaluationFailed: (event) =>
    `${placeOf(event)}${event.location === undefined ? '' : `, ${event.location}`}: ${errorWords(event.error)}`,
  RetryScheduled: (event) =>
    `${placeOf(event)} is tried again at ${event.until} (retrier ${event.retrier + 1}) after ${errorWords(event.error)}`,
  StateExited: (event) =>
    [
      placeOf(event),
      ...(event.caught === undefined ? [] : [`catcher ${event.caught + 1} took its error`]),
      ...(event.next === undefined ? [] : [`on to ${event.next}`]),
      ...(event.assigned === undefined ? [] : [`assigned ${brief(event.assigned)}`]),
    ].join(' · '),
  StateFailed: (event) => `${placeOf(event)}: ${errorWords(event.error)}`,
  StateAborted: (event) => `${placeOf(event)}: ended, because another one beside it failed`,
  TaskUndoStarted: (event) => `${placeOf(event)}: undoing what it did (record ${event.write})`,
  TaskUndoFinished: (event) =>
    event.error === undefined
      ? `${placeOf(event)}: what it did is undone`
      : `${placeOf(event)}: what it did could not be undone: ${errorWords(event.error)}`,
  SignalSent: ({ token, answer }) => `${answerWords(answer)} for token ${short(token)}`,
  StopRequested: ({ stopped, reason }) => `${stopped} is to stop${reason === '' ? '' : `: ${reason}`}`,
  SuspendRequested: ({ suspended, reason }) =>
    `${suspended} is to rest at its next safe point${reason === '' ? '' : `: ${reason}`}`,
  DeviceReleased: ({ released, reason }) => `its quarantine, because of ${released}, is ended: ${reason}`,
  PlanMade: ({ digest, waves, unchanged }) =>
    `${digest}: waves ${waves.map((wave) => wave.join(' ')).join(' | ')}; ${switches(unchanged.length)} unchanged`,
  DeviceLeftOut: ({ by, error }) =>
    `left out (${by === 'maxFailures' ? 'a failure under maxFailures' : '--skip-unreachable'}): ${errorWords(error)}`,
  ApprovalRequested: ({ plan, reason }) => (reason === undefined ? plan : `${plan}: ${reason}`),
  ApprovalDecided: ({ statement: { decision, approver, plan, expires, comment }, signature }) =>
    `${decision === 'approve' ? 'approved' : 'rejected'} by ${approver.id}${signature?.kind === 'webauthn' ? ' with a passkey' : ''}: ${plan}, holds until ${expires}${comment === '' ? '' : ` (${comment})`}`,
  ApprovalUsed: ({ plan, nonce, use, anyStore }) =>
    `${plan}, approval ${nonce}${use === undefined || use === 1 ? '' : `, use ${use}`}${anyStore === true ? ', not single-use: the policy takes approvals of any store' : ''}`,
  ApprovalInvalidated: ({ plan, condition, reason }) => `${plan}: ${condition}: ${reason}`,
  ActIntended: ({ act, session, checkpoint, seconds, locked, held, checkpoints = [] }) =>
    [
      `${act}, session ${session}`,
      ...(checkpoint === undefined ? [] : [`checkpoint ${checkpoint}`]),
      ...(checkpoints.length === 0 ? [] : [checkpoints.join(' ')]),
      ...(seconds === undefined ? [] : [`commit timer ${duration(seconds)}`]),
      ...(locked === true ? ['under configure lock'] : []),
      ...(held === undefined ? [] : [`under owner session ${held}`]),
    ].join(' · '),
  ActFinished: ({ act, session, outcome, error }) =>
    `${act} ${outcome}, session ${session}${error === undefined ? '' : `: ${errorWords(error)}`}`,
  DeviceSettled: ({ found, detail, unrecorded = [] }) =>
    `${found}: ${detail}${unrecorded.length === 0 ? '' : `; on no record here: ${unrecorded.join(', ')}`}`,
  VerdictGiven: ({ check, round, verdict }) => `${check}, round ${round}: ${verdictWords(verdict)}`,
  CompensationStarted: ({ reason, error }) => `${reason}: ${errorWords(error)}`,
  UndoStarted: () => 'putting it back',
  UndoFinished: ({ end, detail }) => `${END_WORDS[end]}: ${detail}`,
  ExecutionEnded: ({ outcome, devices, error }) =>
    `${outcome}: ${Object.entries(devices)
      .map(([name, end]) => `${name} ${END_WORDS[end]}`)
      .join(', ')}${error === undefined ? '' : `; ${errorWords(error)}`}`,
  SnapshotTaken: ({ name, devices }) => `${name}: ${devices.join(' ')}`,
  SitesDivided: ({ sites }) =>
    sites.map(({ site, execution, targets }) => `${site}: ${execution} changes ${targets.join(' ')}`).join('; '),
  BarrierReached: ({ barrier, until }) =>
    `waits for the other sites before ${BARRIER_WORDS[barrier]}${until === undefined ? '' : `, until ${until} at the longest`}`,
  BarrierLeft: ({ barrier, reason }) =>
    `waits no longer for the other sites before ${BARRIER_WORDS[barrier]}: ${reason}`,
  BarrierDecided: ({ barrier, decision, reason }) =>
    `${BARRIER_WORDS[barrier]} is ${decision} for all sites${reason === undefined ? '' : `: ${reason}`}`,
  SiteEnded: ({ site, child, outcome, devices }) =>
    `${site}: ${child} ${outcome}: ${Object.entries(devices)
      .map(([name, end]) => `${name} ${END_WORDS[end]}`)
      .join(', ')}`,
  ...AUDIT_WORDS,
}

/** What children of a change over several sites wait for. */
const BARRIER_WORDS = { push: 'the push', confirm: 'the confirm', save: 'the save' } as const

/** What an event says beside its type, as one line. */
export function eventWords<T extends keyof EventOf>(event: EventOf[T]): string {
  const words: (one: EventOf[T]) => string = WORDS[event.type as T]
  return words(event)
}

function answerWords(answer: EventOf['SignalSent']['answer']): string {
  switch (answer.signal) {
    case 'heartbeat':
      return 'a sign of life'
    case 'success':
      return `success with ${brief(answer.output)}`
    case 'failure':
      return `failure ${[answer.error, answer.cause].filter((part) => part !== null).join(': ')}`
  }
}

function verdictWords(verdict: Verdict): string {
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
