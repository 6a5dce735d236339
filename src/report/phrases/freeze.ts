import { type FreezeRecord, freezeWords } from '../../change/record/store/freeze.ts'
import { visibleLine } from '../text/visible.ts'

/** A freeze that was set, and the open changes beside it. */
export interface SetFreeze {
  readonly freeze: FreezeRecord
  /** The executions that go on to their end: a switch of theirs is live, or they run and have changed something. */
  readonly goOn: readonly string[]
  /** The other executions that have not ended: they change nothing while the freeze is in force. */
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
    ...named(goOn, 'Goes on to its end', 'Go on to their ends'),
    ...named(rest, 'Changes nothing meanwhile', 'Change nothing meanwhile'),
  ].join('\n')
}

function named(executions: readonly string[], one: string, several: string): readonly string[] {
  if (executions.length === 0) return []
  return [`${executions.length === 1 ? one : several}: ${executions.join(', ')}`]
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
