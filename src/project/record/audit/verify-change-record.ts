import { closeSync, readSync } from 'node:fs'
import { readChainsExport } from '../../../change/record/audit/chains-export.ts'
import type { Excerpt } from '../../../change/record/audit/excerpt.ts'
import { problemOf } from '../../../model/problem.ts'
import { VERSION } from '../../../model/version.ts'
import { type ChangeRecord, changeRecordIn, otherVersionIn } from '../../../report/change-record/change-record.ts'
import { leftOut } from '../../../report/change-record/left-out.ts'
import { changeRecordPage } from '../../../report/change-record/page.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'
import { openRegular, readRegularText } from '../../system/machine/regular-file.ts'
import { InputError } from '../../system/process/input-error.ts'
import { judgedChains } from './judge-chains.ts'
import type { Measure } from './measure.ts'
import { vouched } from './verify.ts'

const HTML = '<!doctype html>'
/** How the lines of an excerpt begin, in their order: another chain than the register is that of the change. */
const ORDER = ['{"kind":', '{"chain":"', '{"chain":"register"', '{"checkpoint":'] as const

/** Whether a file is a page. False where it cannot be read: whoever reads it next says why. */
export function isPage(path: string): boolean {
  try {
    const file = openRegular(path)
    const begin = Buffer.alloc(HTML.length)
    try {
      readSync(file, begin, 0, HTML.length, 0)
    } finally {
      closeSync(file)
    }
    return begin.toString('latin1').toLowerCase() === HTML
  } catch {
    return false
  }
}

/**
 * Verifies the page of a change: its records follow from each other up to the signed checkpoint, and the page shows what they say, byte for
 * byte. Throws InputError when it is no such page.
 */
export function verifyChangeRecord(path: string, shown: string, measure: Measure): AuditVerification {
  const page = readRegularText(path, { most: Number.POSITIVE_INFINITY })
  const record = changeRecordIn(page)
  if (record === undefined) {
    const other = otherVersionIn(page)
    const problem = problemOf(
      shown,
      'no-change-record',
      other === undefined
        ? 'this page holds no record of a change'
        : `the records in this page are of version ${other}: this eosflow reads version 2`,
      measure.words({ code: 'export-audit' }),
    )
    throw new InputError([problem])
  }
  const found = foundIn(record, shown, measure)
  if (found.fault !== undefined) return found
  const reason = pageFault(record, page)
  return reason === undefined ? found : { ...found, fault: { seq: 0, reason } }
}

function foundIn(record: ChangeRecord, shown: string, measure: Measure): AuditVerification {
  return covered(vouched(judgedExcerpt(record.excerpt, shown, measure)))
}

function judgedExcerpt({ origin, lines, checkpoint }: Excerpt, shown: string, measure: Measure): AuditVerification {
  const read = readChainsExport(lines)
  const problem = problemOf(
    shown,
    'no-change-record',
    'the records in this page cannot be read',
    measure.words({ code: 'export-audit' }),
  )
  if (read === undefined) throw new InputError([problem])
  const found = judgedChains(read, shown, measure)
  const isNamed = read.origin === origin && read.notes.length === 1 && read.notes[0]?.note === checkpoint
  if (found.fault !== undefined) return found
  if (!isNamed)
    return { ...found, fault: { seq: 0, reason: 'the checkpoint that it shows is not the one over its records' } }
  if (isInOrder(lines)) return found
  return { ...found, fault: { seq: 0, reason: 'its records are not in the order in which they were put into it' } }
}

/** Each line is there once: the head, the records of the change, those of the register, the checkpoint. An export may have them otherwise. */
function isInOrder(lines: readonly string[]): boolean {
  const ranks = lines.map((line) => ORDER.findLastIndex((begin) => line.startsWith(begin)))
  const isRising = ranks.every((rank, at) => at === 0 || rank >= (ranks[at - 1] ?? rank))
  return isRising && new Set(lines).size === lines.length && ranks.filter((rank) => rank === 0).length === 1
}

/** Behind its checkpoint anybody may have written anew what a page shows. */
function covered(found: AuditVerification): AuditVerification {
  const { fault, unvouched } = found
  if (fault !== undefined || unvouched === undefined) return found
  const reason = `its checkpoint is of an earlier record: nothing vouches for the records from ${unvouched.from} on`
  return { ...found, fault: { seq: unvouched.from, reason } }
}

/** Why the page is not what its records say; undefined where it is. */
function pageFault(record: ChangeRecord, page: string): string | undefined {
  if (record.version !== VERSION)
    return `eosflow ${record.version} made the page and this is ${VERSION}: its records hold, and what it shows is not compared`
  const left = leftOut(record)
  if (left !== undefined) return left
  return changeRecordPage(record) === page ? undefined : 'the page does not show what its records say'
}
