import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Cursor } from '../event/cursor.ts'
import type { ArtefactRef, EventBody, JournalEvent } from '../event/event.ts'

export type AppendCondition = ExecutionCondition | PolicyCondition

export interface PolicyCondition {
  readonly policy: number
}

interface ExecutionCondition {
  readonly of: string
  readonly newest: number
  // Nobody has asked behind this cursor that it stops or rests.
  readonly unaskedSince?: Cursor
}

export interface Journal {
  /** `after`: the last event of this execution that the caller has folded. Throws `busy` where another process has appended since or a condition does not hold, `stale` (PolicyMovedError) of a policy; then nothing is written. */
  append(
    execution: string | undefined,
    events: readonly EventBody[],
    after?: number | readonly AppendCondition[],
    again?: RepeatedWrite,
  ): Promise<readonly JournalEvent[]>
  /** Throws `store` when the chain does not verify. */
  read(execution: string): Promise<readonly JournalEvent[]>
}

interface Appending {
  readonly of: string | undefined
  readonly events: readonly EventBody[]
}

interface Hearing {
  readonly events?: readonly EventBody[]
  // Once it is on record: what it throws, the append throws, and no later one hears of it.
  written?(written: readonly JournalEvent[]): void | Promise<void>
  refused?(): void
}

/** Called before anything is written: what it throws, the append throws. `journal` has no subscribers. */
export type Subscriber = (appending: Appending, journal: Journal) => Hearing | undefined | Promise<Hearing | undefined>

/** Calls the subscribers in their order, before and after. */
export function heardJournal(journal: Journal, subscribers: readonly Subscriber[]): Journal {
  return {
    append: async (of, given, after, again) => {
      const hearings: Hearing[] = []
      let events = given
      let written: readonly JournalEvent[]
      try {
        for (const subscriber of subscribers) {
          const heard = subscriber({ of, events }, journal)
          const hearing = heard instanceof Promise ? await heard : heard
          if (hearing !== undefined) hearings.push(hearing)
          events = hearing?.events ?? events
        }
        written = await journal.append(of, events, after, again)
      } catch (error) {
        hearings.forEach((hearing) => {
          hearing.refused?.()
        })
        throw error
      }
      for (const hearing of hearings) await hearing.written?.(written)
      return written
    },
    read: (of) => journal.read(of),
  }
}

export interface Artefacts {
  put(text: string): Promise<ArtefactRef>
  /** Throws `store` when it is missing or was altered. */
  get(ref: ArtefactRef): Promise<string>
  /** Another text than before once what is kept under a reference may be another. Throws `store`. */
  markOf(ref: ArtefactRef): Promise<string | undefined>
}

/** Only the store that gave it reads it: it knows the bytes that were sent, with their time, and their place. */
export interface WriteInDoubt {
  readonly after: number
  readonly hash: string
}

interface OutageDetails {
  readonly doubt?: WriteInDoubt
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** A store that cannot be reached at the moment (kind `store`): who has time waits. An append gives its `doubt`, whether anything of it has left or not: it is sent again with the time of the call. */
export class OutageError extends EosflowError {
  readonly doubt: WriteInDoubt | undefined

  constructor(message: string, { doubt, hint, cause }: OutageDetails = {}) {
    super('store', message, { retryable: doubt === undefined, cause, ...definedMembers({ hint }) })
    this.name = 'OutageError'
    this.doubt = doubt
  }
}

/** A write that is settled: sent again, byte for byte, where it is not there, or left. */
export interface RepeatedWrite {
  readonly write: WriteInDoubt
  readonly ifLost: 'send' | 'leave'
}

export const POLICY_RECORDS = [
  'BundlePublished',
  'PolicyLoaded',
  'PolicyRetired',
] as const satisfies readonly JournalEvent['type'][]

/** Another policy came into force after something was allowed and before it was written: nothing was. */
export class PolicyMovedError extends EosflowError {
  constructor() {
    super('stale', 'another policy came into force meanwhile: nothing was written', {
      hint: 'Run it again: it is judged by the new one.',
    })
  }
}

export interface ConditionFacts {
  /** The newest record that says which policy is in force; 0 where there is none. */
  newestPolicy(): number
  newest(execution: string): number
  /** Whether somebody has asked behind a cursor that it stops or rests. */
  isAsked(execution: string, since: Cursor): boolean
}

/** Requires what an append is bound to: `after` is the newest record of the execution that is written, or all that must hold. Throws `busy`, PolicyMovedError. */
export function requireConditions(
  conditioned: ConditionFacts,
  execution: string | undefined,
  after: number | readonly AppendCondition[] | undefined,
): void {
  const own = typeof after === 'number' && execution !== undefined ? [{ of: execution, newest: after }] : []
  for (const condition of typeof after === 'object' ? after : own) requireHolds(conditioned, condition)
}

function requireHolds(facts: ConditionFacts, condition: AppendCondition) {
  if (!('policy' in condition)) requireUnchanged(facts, condition)
  else if (facts.newestPolicy() !== condition.policy) throw new PolicyMovedError()
}

function requireUnchanged(
  { newest, isAsked }: ConditionFacts,
  { of, newest: known, unaskedSince }: ExecutionCondition,
) {
  const last = newest(of)
  if (last !== known) {
    throw new EosflowError('busy', `execution ${of} was continued by another process`, {
      hint: `Watch it, and resume it when that process is gone: its newest record is ${last}, this one knows ${known}.`,
    })
  }
  if (unaskedSince === undefined || !isAsked(of, unaskedSince)) return
  throw new EosflowError('busy', `execution ${of} was asked to stop or to rest: it does not go on by itself`)
}
