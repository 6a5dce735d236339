import { chosenDevices } from '../app/chosen-devices.ts'
import { SENT } from '../app/execution-named.ts'
import { InputError } from '../app/input-error.ts'
import type { Project } from '../app/project.ts'
import { deviceEnds, waitsForApproval } from '../engine/outcome.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { JournalEvent, Outcome } from '../journal/event.ts'
import { problemOf } from '../model/problem.ts'
import { waitingFor } from '../report/waiting-for.ts'
import { didYouMean } from '../source/suggest.ts'
import type { Invocation } from './io.ts'

/** Which executions are listed. */
export interface ExecutionFilter {
  /** The switches of `-t`; absent for all. */
  readonly names?: ReadonlySet<string>
  readonly states: readonly string[]
  readonly touched: boolean
  /** At most so many, the newest; absent where nobody has said how many. */
  readonly most?: number
}

const OUTCOMES: Readonly<Record<Outcome, true>> = {
  planned: true,
  'nothing-to-do': true,
  succeeded: true,
  tolerated: true,
  refused: true,
  'rolled-back': true,
  cancelled: true,
  failed: true,
  unknown: true,
}

/** The words that `--state` takes: those of the list. `open` is every execution that has not ended. */
const STATES: readonly string[] = [
  ...Object.keys(OUTCOMES),
  'open',
  'waiting',
  'waiting-for-signal',
  'suspended',
  'running',
  'compensating',
]

/**
 * What the flags of `executions` ask for. A switch that the inventory no longer has is taken by its name, as long as an execution was
 * about it. Throws InputError.
 */
export function executionFilter(
  { options }: Invocation,
  project: Project,
  begun: readonly JournalEvent[],
): ExecutionFilter {
  const { target, state, touched, number } = options
  const states = Array.isArray(state) ? state.map(String) : []
  const unknown = states.find((word) => !STATES.includes(word))
  if (unknown !== undefined)
    throw refused('unknown-state', '--state', `\`${unknown}\` is no state`, didYouMean(unknown, STATES))
  return {
    ...(typeof target === 'string' ? { names: namesOf(target, project, begun) } : {}),
    states,
    touched: touched === true,
    ...(number === undefined ? {} : { most: mostOf(number) }),
  }
}

/** Whether an execution is listed. `standing` is its word in the list. */
export function isListed(
  state: ExecutionState,
  standing: string,
  { names, states, touched }: ExecutionFilter,
): boolean {
  const meant = Object.entries(deviceEnds(state)).filter(([name]) => names === undefined || names.has(name))
  if (names !== undefined && meant.length === 0) return false
  if (touched && !meant.some(([, end]) => SENT.has(end))) return false
  return states.length === 0 || states.includes(standing) || (states.includes('open') && state.outcome === undefined)
}

/** One word: the outcome, else who has to act. */
export function standingWord(state: ExecutionState, isRunning: boolean, isSuspended = false): string {
  if (state.outcome !== undefined) return state.outcome
  if (isSuspended) return 'suspended'
  if (waitsForApproval(state)) return 'waiting'
  if (waitingFor(state).length > 0 && !isRunning) return 'waiting-for-signal'
  return isRunning ? state.status : 'open'
}

function namesOf(target: string, project: Project, begun: readonly JournalEvent[]): ReadonlySet<string> {
  const isOnRecord = begun.some((event) => event.type === 'ExecutionStarted' && event.targets.includes(target))
  return new Set(isOnRecord ? [target] : chosenDevices(project.inventory(), target).map(({ name }) => name))
}

function mostOf(number: unknown): number {
  if (/^[1-9]\d{0,8}$/.test(String(number))) return Number(number)
  throw refused('bad-number', '-n', `it is not a number from 1 on: ${number}`)
}

function refused(code: string, flag: string, message: string, hint?: string): InputError {
  return new InputError([problemOf(flag, code, message, hint)])
}
