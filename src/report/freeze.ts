import { type FreezeRecord, freezeWords } from '../journal/freeze.ts'
import { count } from './count.ts'
import { visibleLine } from './visible.ts'

/** A freeze that was set, and the open changes beside it. */
export interface SetFreeze {
  readonly freeze: FreezeRecord
  /** The executions that have changed something: they go on to their end. */
  readonly goOn: readonly string[]
  /** The executions that have changed nothing yet: they are refused when they want to. */
  readonly rest: readonly string[]
}

/** Freezes that were ended, and those that are in force all the same. */
export interface EndedFreezes {
  readonly ended: readonly FreezeRecord[]
  readonly left: readonly FreezeRecord[]
}

/** A freeze in one line: `nothing new begins until …: freeze 12, set by …`. */
export function freezeLine(freeze: FreezeRecord): string {
  return visibleLine(freezeWords(freeze))
}

/** A freeze that was set, in lines. */
export function setFreezeText({ freeze, goOn, rest }: SetFreeze): string {
  return [
    `Frozen: ${freezeLine(freeze)}`,
    ...(goOn.length === 0 ? [] : [`${count(goOn.length, 'change')} under way to the end: ${goOn.join(', ')}`]),
    ...(rest.length === 0 ? [] : [`${count(rest.length, 'change')} not begun, refused meanwhile: ${rest.join(', ')}`]),
  ].join('\n')
}

/** The same as one document, version 1. */
export function setFreezeJson({ freeze, goOn, rest }: SetFreeze): string {
  return JSON.stringify({ version: 1, kind: 'freeze', ...freezeData(freeze), goOn, rest })
}

/** Freezes that were ended, in lines. */
export function endedFreezesText({ ended, left }: EndedFreezes): string {
  if (ended.length === 0) return 'Nothing to end: no freeze is in force'
  return [
    ...ended.map((one) => `Ended: freeze ${one.seq}, which ${visibleLine(one.actor)} had set until ${one.until}`),
    ...left.map((one) => `Still in force: ${freezeLine(one)}`),
  ].join('\n')
}

/** The same as one document, version 1. */
export function endedFreezesJson({ ended, left }: EndedFreezes): string {
  return JSON.stringify({ version: 1, kind: 'unfreeze', ended: ended.map(freezeData), left: left.map(freezeData) })
}

function freezeData({ seq, at, until, actor, reason }: FreezeRecord) {
  return { freeze: seq, at, until, by: actor, reason }
}
