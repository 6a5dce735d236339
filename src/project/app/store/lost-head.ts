import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { keptHead } from '../../../change/record/sqlite/head-file.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import { PRIVATE, writeUnlinked } from '../../system/process/unlinked-file.ts'

interface OpenedFile {
  readonly id: string
  readonly newest: number
}

export function lossFileOf(store: string): string {
  return `${store}-lost`
}

/** The newest position that a store has acknowledged and does not have, as when its file was copied without its write-ahead log; undefined where it has all. */
export function lostThrough(store: string, opened: OpenedFile): number | undefined {
  const said = existsSync(lossFileOf(store)) ? Number.parseInt(textOf(lossFileOf(store)), 10) : Number.NaN
  if (said > 0) return said
  // Before the store is asked: another process may be writing to both.
  const kept = keptHead(store)
  return kept !== undefined && kept.origin === opened.id && kept.newest > opened.newest ? kept.newest : undefined
}

export function keepLoss(store: string, through: number): void {
  writeUnlinked(lossFileOf(store), `${through}\n`, PRIVATE)
}

function textOf(file: string) {
  try {
    return readRegularText(file)
  } catch {
    return ''
  }
}

export function lostHeadWords(store: string, through: number): string {
  return `${basename(store)} lacks records that were acknowledged, up to position ${through}: it was put back without its write-ahead log (-wal), or from an older copy`
}
