import { isStoppedTooLate } from '../../engine/outcome.ts'
import { mapsAround } from '../../engine/scope-path.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { JournalEvent } from '../../journal/event.ts'
import type { Act } from '../../model/act.ts'
import { clockTime } from '../clock-time.ts'
import { short, switches } from '../count.ts'
import { END_WORDS } from '../end-words.ts'
import { errorWords, placeOf } from '../event-words.ts'
import { OUTCOME_WORDS } from '../outcome-words.ts'
import { personName } from '../person-name.ts'
import { DOING, withoutChecks } from '../progress.ts'
import type { Tone } from './execution-view.ts'
import { judgedOn } from './neighbor-check.ts'
import { firstLine, spokenSwitches, spokenTime } from './spoken.ts'

/** What a record means to a person who reads what happened. */
export interface RecordWording {
  readonly words: string
  readonly tone: Tone
}

/** The execution before and after a record. */
interface States {
  readonly before: ExecutionState
  readonly after: ExecutionState
  /** Absent where no process was missing before the record. */
  readonly gap?: { readonly from: number; readonly to: number } | undefined
}

type Told = RecordWording & { readonly device?: string }
type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>

const told = (words: string, tone: Tone = 'idle'): Told => ({ words, tone })

/** What a record says to a person; undefined where it says nothing that a sentence beside it does not. The words do not name the switch. */
export function tellingOf(event: JournalEvent, states: States): Told | undefined {
  const said = 'device' in event && event.device !== undefined ? ofDevice(event, states) : ofExecution(event, states)
  if (said === undefined) return undefined
  return 'device' in event && event.device !== undefined ? { ...said, device: event.device } : said
}

function ofExecution(event: JournalEvent, { after, gap }: States): Told | undefined {
  switch (event.type) {
    case 'ExecutionStarted':
      return told(`Started by ${personName(event.requester)}`)
    case 'ExecutionResumed':
      return gap === undefined
        ? told('Taken up again: every switch is asked for its state')
        : told(
            `Its process had ended without a word, and nobody ran it for ${spokenTime(Math.ceil((gap.to - gap.from) / 1000))}. Taken up again: every switch is asked for its state`,
            'bad',
          )
    case 'ExecutionRedriven':
      return told('Started again from where it failed')
    case 'PlanMade':
      return told(`Plan ${short(event.digest)}: ${switches(event.waves.flat().length)} to change`)
    case 'TaskWaiting':
      return told(`Waits for an approval of plan ${short(event.plan)}`, 'live')
    case 'ApprovalUsed':
      return told('Approval used')
    case 'ApprovalInvalidated':
      return told(`The plan may not be sent: ${firstLine(event.reason)}`, 'bad')
    case 'CompensationStarted':
      return isStoppedTooLate(after)
        ? told('It was asked to stop, too late to put it back: every site had been let save', 'live')
        : told(COMPENSATED[event.reason], 'bad')
    case 'BarrierDecided':
      return event.decision === 'released'
        ? told(`All sites are let ${event.barrier}`)
        : told(`No site is let ${event.barrier}: ${firstLine(event.reason ?? '')}`, 'bad')
    case 'SiteEnded':
      return told(`The site ${event.site} ended: ${OUTCOME_WORDS[event.outcome]}`, END_TONE[event.outcome])
    case 'ExecutionEnded':
      return told(`Ended: ${OUTCOME_WORDS[event.outcome]}`, END_TONE[event.outcome])
    default:
      return 'path' in event ? ofState(event, after) : undefined
  }
}

const COMPENSATED: Readonly<Record<Of<'CompensationStarted'>['reason'], string>> = {
  failure: 'It failed: what was changed is being put back',
  cancelled: 'It was stopped: what was changed is being put back',
  'timed-out': 'Its time is over: what was changed is being put back',
}

const END_TONE: Readonly<Record<Of<'ExecutionEnded'>['outcome'], Tone>> = {
  planned: 'idle',
  'nothing-to-do': 'idle',
  succeeded: 'ok',
  tolerated: 'ok',
  refused: 'bad',
  'rolled-back': 'undo',
  cancelled: 'undo',
  failed: 'bad',
  unknown: 'bad',
}

function ofState(event: Extract<JournalEvent, { path: string }>, after: ExecutionState): Told | undefined {
  const place = placeOf(event)
  switch (event.type) {
    case 'MapStarted':
      return waveBegins(event, after)
    case 'TaskFailed':
    case 'TaskTimedOut':
    case 'EvaluationFailed':
      return event.error.kind === 'cancelled'
        ? undefined
        : told(`${place}: ${failureWords(event.error.message)}`, 'bad')
    case 'TaskSubmitted':
      return told(`${place} waits for an answer from outside`, 'live')
    case 'RetryScheduled':
      return told(`${place} is tried again at ${clockTime(event.until)}, attempt ${event.attempt}`, 'live')
    case 'WaitStarted':
      return told(`${place} waits until ${clockTime(event.until)}`)
    case 'StateExited':
      if (event.next === undefined) return undefined
      return event.caught === undefined
        ? told(`${place}: on to ${event.next}`)
        : told(`${place}: its error is handled, on to ${event.next}`, 'live')
    case 'TaskUndoStarted':
      // Where the sites save nothing is undone.
      return isStoppedTooLate(after) ? undefined : told(`${place}: undoing what it did`, 'undo')
    case 'TaskUndoFinished':
      if (event.error === undefined) return isStoppedTooLate(after) ? undefined : told(`${place}: undone`, 'undo')
      return told(`${place}: could not be undone: ${firstLine(event.error.message)}`, 'bad')
    default:
      return undefined
  }
}

/** The Map over the switches of a wave is the beginning of that wave. */
function waveBegins(event: Of<'MapStarted'>, after: ExecutionState): Told | undefined {
  const waves = after.plan?.waves ?? []
  const state = after.scopes.get(event.path)?.machine.states[event.state]
  const isOfWave = state?.kind === 'Map' && state.items.from === 'wave'
  const isFirst = mapsAround(after, event.path)[0]?.state.iterator.startAt === event.state
  if (!isOfWave || !isFirst || waves.length < 2) return undefined
  const names = event.items.map(String)
  const number = waves.findIndex((wave) => wave.includes(names[0] ?? '')) + 1
  return number === 0 ? undefined : told(`Wave ${number} begins: ${spokenSwitches(names)}`)
}

function ofDevice(event: JournalEvent & { readonly device?: string }, { before, after }: States): Told | undefined {
  switch (event.type) {
    case 'ActFinished':
      return ofAct(event, before, after)
    case 'DeviceLeftOut':
      return told(`left out: ${firstLine(errorWords(event.error))}`, 'live')
    case 'DeviceSettled':
      // Else it is asked on its way back, and what was read is part of where it ended.
      return isInDoubt(before, event.device) ? told(`asked for its state: ${firstLine(event.detail)}`) : undefined
    case 'VerdictGiven':
      return ofVerdict(event)
    case 'TaskSucceeded': {
      const state = before.scopes.get(event.path)?.machine.states[event.state]
      return state?.kind === 'Task' && state.task === 'verify' ? told('verified', 'ok') : undefined
    }
    case 'TaskFailed':
    case 'TaskTimedOut':
      return event.error.kind === 'cancelled'
        ? undefined
        : told(withoutName(failureWords(event.error.message), event.device), 'bad')
    case 'ApprovalInvalidated':
      return told(`the plan may not be sent: ${firstLine(event.reason)}`, 'bad')
    case 'UndoFinished':
      return event.end === 'unknown'
        ? told(`unknown: ${firstLine(event.detail)}`, 'bad')
        : told(`${END_WORDS[event.end]}, ${firstLine(event.detail)}`, 'undo')
    default:
      return undefined
  }
}

/** Whether an act towards the change was sent and its outcome is not on record. */
function isInDoubt({ devices }: ExecutionState, device: string): boolean {
  return ['arming', 'confirming', 'saving'].includes(devices.get(device)?.phase ?? '')
}

/** What an act that went well is worth saying; those that are missing go without saying. */
const DID: { readonly [A in Act]?: string } = {
  confirm: 'confirmed',
  save: 'saved and read back',
  restore: 'checkpoint restored',
  boot: 'boot lines read back',
}

function ofAct(event: Of<'ActFinished'>, before: ExecutionState, after: ExecutionState): Told | undefined {
  if (event.outcome === 'unknown') return told(`${DOING[event.act]}: no answer, so the switch is asked`, 'live')
  if (event.outcome === 'refused')
    return told(`${DOING[event.act]}: ${firstLine(event.error?.message ?? 'refused')}`, 'bad')
  const history = after.devices.get(event.device)
  if (event.act === 'stage') {
    return before.devices.get(event.device)?.phase === 'staging' ? told('loaded the change') : undefined
  }
  if (event.act === 'arm') return told(`committed under a ${spokenTime(history?.timer ?? 0)} timer`, 'live')
  if (event.act === 'abort') return history?.phase === 'ended' ? told('aborted the session', 'undo') : undefined
  const words = DID[event.act]
  return words === undefined ? undefined : told(words, event.act === 'confirm' || event.act === 'save' ? 'ok' : 'undo')
}

function ofVerdict(event: Of<'VerdictGiven'>): Told | undefined {
  const { verdict } = event
  if (verdict.status === 'pass' || verdict.status === 'skip') return undefined
  const { check, of } = judgedOn(event)
  const name = of === undefined ? check : `${check} on ${of}`
  if (verdict.status === 'error') return told(`${name} could not be judged: ${firstLine(verdict.reason)}`, 'bad')
  const [first, ...others] = verdict.reasons
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  return told(`${name}: ${firstLine(first)}${more}`, 'bad')
}

function failureWords(message: string): string {
  return withoutChecks(message) ?? firstLine(message)
}

function withoutName(message: string, device = ''): string {
  return message.startsWith(`${device}: `) ? message.slice(device.length + 2) : message
}
