import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { Life } from '../../src/lab/trial/trial-app.ts'
import type { Reading, Side } from '../device-texts.ts'
import type { Verb } from '../verbs.ts'

/** What a switch showed when its configuration was read, and whether startup-config was the same. */
export interface ReadBack {
  readonly running: Reading
  readonly saved: boolean
  /** Milliseconds since the beginning. */
  readonly at: number
}

/** What a switch truly was when it was looked at. */
export interface Look {
  /** Whether it had what the checks ask for. */
  readonly hasChange: boolean
  /** Whether a commit timer of this execution ran. */
  readonly isArmed: boolean
  /** Its VLANs with their names, as running-config has them: what the state area that is read behind a put-back shows of it. */
  readonly vlans: string
}

/** What the checker knows of one execution on one switch. */
export interface OnDevice {
  /** Acts whose intent is on record and whose outcome is not: `arm eosflow-…-2`. */
  readonly intents: Set<string>
  /** Acts that the switch has carried out, as the checker saw it do. */
  readonly effects: Set<string>
  /** Acts whose answer said so. */
  readonly answered: Set<string>
  /** What runs besides the change when the plan was made: what was approved is approved upon this. */
  planned: string | undefined
  /** What hands had configured by then. */
  plannedByHand: string
  /** Of a change that takes the main one back: whether a hand had changed the line that the main one replaced. */
  wasByHand: boolean
  /** The switch whose identity the plan holds. */
  plannedOn: string | undefined
  /** Sessions that a request has opened whose sender had long given up. */
  readonly late: Set<string>
  /** Whether the journal holds VERIFIED for the session that is armed. */
  verified: boolean
  /** When the timed commit struck, milliseconds since the beginning. */
  armedAt: number | undefined
  /** How often a timed commit took effect. */
  timedCommits: number
  /** A request that changes the switch and whose answer was not heard, until the switch is asked. */
  unsettled: Verb | undefined
  /** What the last read that was carried out showed, and the last one that was heard. */
  shown: ReadBack | undefined
  heard: ReadBack | undefined
  /** Whether the last request was not answered. */
  silent: boolean
  /** Whether it was another switch that did the last one. */
  elsewhere: boolean
  /** When the last act was carried out. */
  changedAt: number
  /** Whether the record says that nobody was locked out at the timed commit: the report names that moment. */
  isWindowNamed: boolean
  /** The VLANs typed by hands that an answer has shown. */
  readonly seen: Set<string>
  /** The sessions that only try whether the switch can replay its configuration: one stands beside the change. */
  readonly replays: Set<string>
  /** The names of all its sessions. */
  readonly names: Set<string>
  /** The VLANs that the snapshot was answered with. */
  vlansBefore: string | undefined
  /** What the last look that was carried out found, and the last one that was answered. */
  looked: Look | undefined
  lookHeard: Look | undefined
  /** When the first request of this execution reached it. */
  firstReached: number | undefined
  /** Whether somebody or a timer has changed it since it was said to have ended. */
  isMovedSince: boolean
  /** Where the execution says that it has ended. */
  end: string | undefined
}

/** What the checker knows of one execution: its own, small fold of the journal. */
export interface OfExecution {
  readonly id: string
  readonly side: Side
  readonly purpose: 'plan' | 'run'
  /** The change over several sites that it is a part of: people decide about the plan of that. */
  readonly whole: OfExecution | undefined
  /** What its config sessions begin with. */
  readonly prefix: string
  readonly devices: ReadonlyMap<string, OnDevice>
  digest: string | undefined
  /** Whether the identities that the plan will hold are known. */
  isSnapshotTaken: boolean
  /** The controller that has written last. */
  writer: Life | undefined
  /** The position of its last record. */
  last: number
  records: number
  ended: boolean
  /** Whether it is putting back. */
  isUndoing: boolean
  /** The VLANs typed by hands that its record names. */
  readonly named: Set<string>
}

/** Nothing is known of a switch yet. */
export function newOnDevice(): OnDevice {
  return {
    intents: new Set(),
    effects: new Set(),
    answered: new Set(),
    planned: undefined,
    plannedByHand: '',
    wasByHand: false,
    plannedOn: undefined,
    late: new Set(),
    verified: false,
    armedAt: undefined,
    timedCommits: 0,
    unsettled: undefined,
    shown: undefined,
    heard: undefined,
    silent: false,
    elsewhere: false,
    changedAt: 0,
    isWindowNamed: false,
    seen: new Set(),
    replays: new Set(),
    names: new Set(),
    vlansBefore: undefined,
    looked: undefined,
    lookHeard: undefined,
    firstReached: undefined,
    isMovedSince: false,
    end: undefined,
  }
}

/** Nothing is known of an execution yet. */
export function newOfExecution(
  id: string,
  begun: JournalEvent & { type: 'ExecutionStarted' },
  side: Side,
  before: readonly OfExecution[] = [],
): OfExecution {
  return {
    id,
    side,
    purpose: begun.purpose,
    whole: before.find((one) => one.id === begun.part?.of),
    prefix: `eosflow-${id.slice(-8)}-`,
    devices: new Map(
      // The whole of a change over several sites does no work on switches: what it says of them is judged by its parts.
      (begun.divided === true ? [] : begun.targets).map((name) => [
        name,
        { ...newOnDevice(), wasByHand: side === 'back' && hadHand(before, name) },
      ]),
    ),
    digest: undefined,
    isSnapshotTaken: false,
    writer: undefined,
    last: 0,
    records: 0,
    ended: false,
    isUndoing: false,
    named: new Set(),
  }
}

/** Whether a hand had changed the line that the main change has replaced: what takes that back brings it again. */
function hadHand(before: readonly OfExecution[], name: string): boolean {
  return before.some((one) => one.side === 'main' && one.devices.get(name)?.plannedByHand.includes('BY-HAND') === true)
}

/** What runs on a switch besides a change: a line that the change itself replaces is none of it. */
export function besides({ main, rival, byHand }: Reading, side: Side): string {
  const other = side === 'rival' ? main : rival
  const kept = byHand.replace(/ ?BY-HAND/, '')
  return other === 'none' ? kept : `${kept} other change: ${other}`
}

/** An ended execution is started again: of each switch that does not keep its change all is as before the first commit. */
export function startAgain(execution: OfExecution): void {
  execution.ended = false
  execution.isUndoing = false
  for (const onDevice of execution.devices.values()) {
    onDevice.intents.clear()
    if (onDevice.end === 'changed') continue
    onDevice.effects.clear()
    onDevice.answered.clear()
    onDevice.verified = false
    onDevice.armedAt = undefined
    onDevice.timedCommits = 0
    onDevice.lookHeard = undefined
    onDevice.end = undefined
  }
}

/** A switch was changed from outside: what was said of its end before is no longer held against it. */
export function forgiveEnd({ devices }: OfExecution, { name }: { readonly name: string }): void {
  const onDevice = devices.get(name)
  if (onDevice?.end !== undefined) onDevice.isMovedSince = true
}
