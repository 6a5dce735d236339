import type { JournalEvent } from '../journal/event.ts'
import type { Act } from '../model/act.ts'
import type { Verdict } from '../model/verdict.ts'
import { clockTime } from './clock-time.ts'
import { count, duration, short } from './count.ts'
import { END_WORDS } from './end-words.ts'
import { errorWords, placeOf } from './event-words.ts'
import type { Style } from './style.ts'
import { hanging } from './visible.ts'

/** What is being done to a switch. */
export const DOING: Readonly<Record<Act, string>> = {
  hold: 'open the owner session',
  release: 'end the owner session',
  stage: 'loading the change into a config session',
  replay: 'load its own configuration into a throw-away session',
  prune: 'delete checkpoints of earlier changes',
  arm: 'timed commit',
  confirm: 'confirm',
  save: 'save startup-config',
  abort: 'abort the session',
  restore: 'restore the checkpoint',
  boot: 'change what it boots',
}
const DID: Readonly<Record<Act, string>> = {
  hold: 'owner session opened',
  release: 'owner session ended',
  stage: 'change loaded and shown',
  replay: 'can replay its own configuration',
  prune: 'checkpoints of earlier changes deleted',
  arm: 'committed under its timer',
  confirm: 'confirmed',
  save: 'saved and read back',
  abort: 'session aborted',
  restore: 'checkpoint restored',
  boot: 'boot lines read back',
}

/**
 * What one journal event means to a person who watches; undefined when it means nothing to one. Progress on screen is
 * this and nothing else, so what is shown is what is on record.
 */
export function progressLine(event: JournalEvent, style: Style): string | undefined {
  return 'device' in event && event.device !== undefined ? deviceLine(event, style) : executionLine(event, style)
}

/** Events of the execution as a whole, and of states that act on several switches or on none. */
function executionLine(event: JournalEvent, style: Style): string | undefined {
  switch (event.type) {
    case 'ExecutionStarted':
      return `${style.bold(hanging(event.workflow))} · execution ${event.execution ?? ''} · ${event.targets.length} selected`
    case 'ExecutionResumed':
      return resumedLine(event, style)
    case 'ExecutionRedriven':
      return 'redriven: started again from where it failed'
    case 'PlanMade':
      return `plan ${short(event.digest)}: ${event.waves.flat().length} to change, ${event.unchanged.length} unchanged`
    case 'ApprovalDecided':
      return `${event.statement.decision === 'approve' ? 'approved' : 'rejected'} by ${hanging(event.statement.approver.id)}`
    case 'StopRequested':
      return style.warning(hanging(`${event.actor} wants it to stop${event.reason === '' ? '' : `: ${event.reason}`}`))
    case 'SuspendRequested':
      return style.warning(hanging(`${event.actor} wants it to rest${event.reason === '' ? '' : `: ${event.reason}`}`))
    case 'CompensationStarted':
      return compensationLine(event, style)
    default:
      return 'path' in event ? stateLine(event, style) : undefined
  }
}

/** Nobody asked a worker or a server that goes on by itself: they are named, and why where another one has died. */
function resumedLine(
  { actor, byItself, ownerDied }: Extract<JournalEvent, { type: 'ExecutionResumed' }>,
  style: Style,
): string {
  if (byItself !== true) return 'resumed: the switches are asked for their state'
  const name = hanging(actor)
  return ownerDied === true ? style.warning(`${name} takes it over: who had it has died`) : `${name} goes on with it`
}

function compensationLine(
  { reason, error }: Extract<JournalEvent, { type: 'CompensationStarted' }>,
  style: Style,
): string | undefined {
  if (reason === 'cancelled') return style.warning('somebody asked to stop it')
  return reason === 'timed-out' ? style.bad(`✖ ${hanging(errorWords(error))}`) : undefined
}

/** Events of one state. */
function stateLine(event: Extract<JournalEvent, { path: string }>, style: Style): string | undefined {
  const place = hanging(placeOf(event))
  switch (event.type) {
    case 'TaskStarted':
      return style.dim(`${event.state} …`)
    case 'TaskFailed':
      return style.bad(`✖ ${event.state}: ${hanging(event.error.message)}`)
    case 'TaskTimedOut':
      return style.bad(`✖ ${hanging(event.error.message)}`)
    case 'EvaluationFailed':
      return style.bad(
        `✖ ${place}${event.location === undefined ? '' : `, ${event.location}`}: ${hanging(event.error.message)}`,
      )
    case 'RetryScheduled':
      return style.warning(`↻ ${place}: attempt ${event.attempt} at ${clockTime(event.until)}`)
    case 'TaskWaiting':
      return `waiting for an approval of ${event.plan}`
    case 'TaskSubmitted':
      return `${place}: waiting for an answer from outside (token ${short(event.token)})`
    case 'WaitStarted':
      return style.dim(`${event.state}: until ${clockTime(event.until)}`)
    case 'StateExited':
      if (event.next === undefined) return undefined
      return event.caught === undefined
        ? style.dim(`${place}: on to ${event.next}`)
        : style.warning(`↷ ${place}: its error is handled, on to ${event.next}`)
    case 'TaskUndoStarted':
      return style.warning(`↺ ${place}: undoing what it did …`)
    case 'TaskUndoFinished':
      return event.error === undefined
        ? `↺ ${place}: undone`
        : style.bad(`? ${place}: could not be undone: ${hanging(event.error.message)}`)
    default:
      return undefined
  }
}

/** Events of one switch. */
function deviceLine(event: JournalEvent & { readonly device?: string }, style: Style): string | undefined {
  switch (event.type) {
    case 'TaskFailed':
      return event.error.kind === 'cancelled'
        ? style.dim(`  ${event.device}: ${event.state} ended early`)
        : style.bad(`✖ ${event.state}: ${hanging(event.error.message)}`)
    case 'TaskTimedOut':
      return style.bad(`✖ ${event.device}: ${hanging(event.error.message)}`)
    case 'ActIntended':
      if (event.act !== 'arm') return undefined
      return style.dim(`  ${event.device}: ${DOING.arm}, ${duration(event.seconds ?? 0)} to confirm …`)
    case 'ActFinished':
      return actLine(event, style)
    case 'DeviceLeftOut':
      return style.warning(`! ${event.device} is left out: ${hanging(event.error.message)}`)
    case 'DeviceSettled':
      return `  ${event.device}: asked: ${hanging(event.detail)}`
    case 'VerdictGiven':
      return verdictLine(event.device, event.check, event.verdict, style)
    case 'UndoStarted':
      return style.warning(`↺ ${event.device}: putting it back …`)
    case 'UndoFinished':
      return event.end === 'unknown'
        ? style.bad(`? ${event.device}: unknown. ${hanging(event.detail)}`)
        : `↺ ${event.device}: ${END_WORDS[event.end]}: ${hanging(event.detail)}`
    default:
      return undefined
  }
}

function actLine(event: Extract<JournalEvent, { type: 'ActFinished' }>, style: Style): string {
  if (event.outcome === 'done') return style.dim(`  ${event.device}: ${DID[event.act]}`)
  if (event.outcome === 'unknown')
    return style.warning(`? ${event.device}: ${DOING[event.act]}: no answer; asking the switch`)
  return style.bad(`✖ ${event.device}: ${DOING[event.act]}: ${hanging(event.error?.message ?? 'refused')}`)
}

/**
 * The verdicts of one switch in one round: a line for those that are good, and each other in full. The first round judges all
 * checks; a later one has those whose verdict has changed, which are named.
 */
export function roundLines(events: readonly JournalEvent[], style: Style): readonly string[] {
  const round = events.flatMap((event) => (event.type === 'VerdictGiven' ? [event] : []))
  const [first] = round
  if (first === undefined) return []
  const fine = round.filter(({ verdict }) => verdict.status === 'pass' || verdict.status === 'skip')
  const back = fine.filter(({ check, round: number }) => number > 1 && check.startsWith('reachable'))
  const good = fine.filter((one) => !back.includes(one))
  const bad = round.filter((one) => !fine.includes(one))
  const checks =
    first.round > 1 && good.length <= 3
      ? hanging(good.map(({ check }) => check).join(', '))
      : count(good.length, 'check')
  return [
    ...back.map(({ device, check, verdict }) => verdictLine(device, check, verdict, style)),
    ...bad.map(({ device, check, verdict }) => verdictLine(device, check, verdict, style)),
    ...(good.length === 0 ? [] : [style.good(`  ✔ ${first.device}: ${checks} good`)]),
  ]
}

/**
 * That a verification has failed, without what its verdicts have said before, or that a plan is stale, without the lines that the recap
 * has; undefined for another failure.
 */
export function shortFailure(
  { error, state, device }: Extract<JournalEvent, { type: 'TaskFailed' }>,
  style: Style,
): string | undefined {
  if (error.kind === 'stale' && error.message.includes('\n')) {
    return style.bad(`✖ ${state}: ${hanging(error.message.split('\n', 1)[0] ?? '')}`)
  }
  if (error.kind !== 'verification' || device === undefined) return undefined
  const head = withoutChecks(error.message)
  return head === undefined ? undefined : style.bad(`✖ ${state}: ${hanging(head)}`)
}

/** What the failure of a verification says before it names the checks: `leaf3: not good within 180 s`. Undefined for another message. */
export function withoutChecks(message: string): string | undefined {
  return HEAD.exec(message)?.[1]
}

/** The beginning of what `verify` says before it names the checks. */
const HEAD =
  /^([^:\n]+: (?:not good within \d+ s|cannot become good|only \d+ s are left of the commit timer, and the checks are not good yet)): /

function verdictLine(device: string, check: string, verdict: Verdict, style: Style): string {
  switch (verdict.status) {
    case 'pass':
      return style.good(`  ✔ ${device} ${check}`)
    case 'skip':
      return style.dim(`  ○ ${device} ${check}: ${hanging(verdict.reason)}`)
    case 'fail':
      return style.bad(`  ✖ ${device} ${check}: ${hanging(verdict.reasons.join('; '))}`)
    case 'error':
      return style.bad(`  ? ${device} ${check} could not be judged: ${hanging(verdict.reason)}`)
  }
}
