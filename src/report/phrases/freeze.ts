import { type FreezeRecord, freezeWords } from '../../change/record/store/freeze.ts'
import { visibleLine } from '../text/text.ts'

export interface SetFreeze {
  readonly freeze: FreezeRecord
  readonly goOn: readonly string[]
  readonly rest: readonly string[]
}

export interface EndedFreezes {
  readonly ended: readonly FreezeRecord[]
  readonly left: readonly FreezeRecord[]
}

/** A freeze in one line: `nothing new begins until …: freeze 12, set by …`. */
export function freezeLine(freeze: FreezeRecord): string {
  return visibleLine(freezeWords(freeze))
}

export function setFreezeText({ freeze, goOn, rest }: SetFreeze): string {
  return [
    `Frozen: ${freezeLine(freeze)}`,
    ...named(goOn, 'Goes on to its end', 'Go on to their ends'),
    ...named(rest, 'Changes nothing meanwhile', 'Change nothing meanwhile'),
  ].join('\n')
}

function named(executions: readonly string[], one: string, several: string) {
  if (executions.length === 0) return []
  return [`${executions.length === 1 ? one : several}: ${executions.join(', ')}`]
}

/** The same as one document, version 1. */
export function setFreezeJson({ freeze, goOn, rest }: SetFreeze): string {
  return JSON.stringify({ version: 1, kind: 'freeze', ...freezeData(freeze), goOn, rest })
}

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
