import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fold } from '../../../src/change/engine/fold.ts'
import { newExecution } from '../../../src/change/engine/state.ts'
import { parsePlan } from '../../../src/change/plan/plan.ts'
import { readRecordedPlan } from '../../../src/change/plan/recorded-plan.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { parseEvent } from '../../../src/change/record/event/record-text.ts'
import { digestOf } from '../../../src/model/digest.ts'
import type { EosflowError } from '../../../src/model/error.ts'
import { verifyExport } from '../../../src/project/record/audit/verify.ts'
import { InputError } from '../../../src/project/system/process/input-error.ts'
import { STARTED, STATEMENT } from './one-of-each-event.ts'

const ENVELOPE = { v: 1, seq: 1, at: '2026-01-05T08:00:00.000Z', actor: 'alice', execution: 'x1' }

const recordOf = (body: object) => JSON.stringify({ ...ENVELOPE, ...body })

const planOf = (v: number) => {
  const content = { v, devices: [] }
  return { version: 3, digest: digestOf(content), content, evidence: { state: {} } }
}

/** A file that begins with a head of some version, as it is verified without its store. */
const exportOf = (kind: string, v: number) => {
  const file = join(mkdtempSync(join(tmpdir(), 'eosflow-version-')), 'a.jsonl')
  writeFileSync(file, `${JSON.stringify({ kind, v, origin: 'eosflow.audit/db-01', after: 0, chains: {} })}\n`)
  try {
    verifyExport(file, 'a.jsonl', { verifier: undefined, anchors: [], now: undefined, words: () => '' })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw Object.assign(new Error(error.problems[0]?.message), { kind: error.problems[0]?.code })
  } finally {
    rmSync(dirname(file), { recursive: true })
  }
}

/** What is kept in a format, how one of a version is read, the version that is read, and what another one is refused with (ADR 0096). */
const FORMATS: readonly {
  readonly what: string
  readonly reads: number
  readonly read: (version: number) => unknown
  readonly older: (version: number) => string
  readonly newer: (version: number) => string
}[] = [
  {
    what: 'the content of a plan on record',
    reads: 3,
    read: (v) => readRecordedPlan(planOf(v)),
    older: (v) => `stale: the plan on record is of version ${v}: this eosflow reads version 3`,
    newer: (v) => `stale: the plan on record is of version ${v}: this eosflow reads version 3`,
  },
  {
    what: 'a plan file',
    reads: 3,
    read: (version) => {
      const read = parsePlan(JSON.stringify({ version }), 'a.plan')
      // One of this version lacks all else here: it is refused for that.
      const other = read.ok ? undefined : read.problems.find(({ code }) => code === 'plan-version')
      if (other !== undefined) throw Object.assign(new Error(other.message), { kind: other.code })
    },
    older: (v) => `plan-version: a plan file of version ${v}: this eosflow reads version 3`,
    newer: (v) => `plan-version: a plan file of version ${v}: this eosflow reads version 3`,
  },
  {
    what: 'the statement of an approval',
    reads: 3,
    read: (v) => parseEvent(recordOf({ type: 'ApprovalDecided', statement: { ...STATEMENT, v }, seal: 'hmac:0' })),
    older: (v) => `store: no release of eosflow has written ApprovalDecided with ${v} at statement.v: this one reads 3`,
    newer: () =>
      'store: a newer version of eosflow has written ApprovalDecided with a value at statement.v that this one does not know, or it is malformed',
  },
  {
    what: 'the interpreter of an execution',
    reads: 2,
    read: (interpreter) => parseEvent(recordOf({ ...STARTED, interpreter })),
    older: (v) =>
      `store: no release of eosflow has written ExecutionStarted with ${v} at interpreter: this one reads 2`,
    newer: () =>
      'store: a newer version of eosflow has written ExecutionStarted with a value at interpreter that this one does not know, or it is malformed',
  },
  {
    what: 'the state machine of an execution',
    reads: 3,
    read: (version) =>
      fold(newExecution('x1'), {
        ...ENVELOPE,
        ...STARTED,
        machine: { version, startAt: 'Done', states: {} },
      } as JournalEvent),
    older: (v) => `store: the state machine on record is of version ${v}: this eosflow reads version 3`,
    newer: (v) => `store: the state machine on record is of version ${v}: this eosflow reads version 3`,
  },
  {
    what: 'an export of the record',
    reads: 2,
    read: (version) => exportOf('eosflow.audit', version),
    older: (v) => `no-export: an export of version ${v}: this eosflow reads version 2`,
    newer: (v) => `no-export: an export of version ${v}: this eosflow reads version 2`,
  },
  {
    what: 'a segment',
    reads: 2,
    read: (version) => exportOf('eosflow.segment', version),
    older: (v) => `no-export: a segment of version ${v}: this eosflow reads version 2`,
    newer: (v) => `no-export: a segment of version ${v}: this eosflow reads version 2`,
  },
]

const said = (work: () => unknown) => {
  try {
    work()
    return undefined
  } catch (error) {
    const { kind, message } = error as EosflowError
    return `${kind}: ${message}`
  }
}

describe('of each format one version is read, and every other one is refused by name', () => {
  test.each(FORMATS)('$what', ({ reads, read, older, newer }) => {
    expect(said(() => read(reads))).toBeUndefined()
    for (let version = 1; version < reads; version += 1) expect(said(() => read(version))).toBe(older(version))
    for (const version of [reads + 1, reads + 7]) expect(said(() => read(version))).toBe(newer(version))
  })

  test('a machine without a version is none', () => {
    for (const machine of [{}, 'x', null])
      expect(said(() => fold(newExecution('x1'), { ...ENVELOPE, ...STARTED, machine } as JournalEvent))).toBe(
        'store: the state machine on record is of version null: this eosflow reads version 3',
      )
  })

  test('seven formats are looked at', () => {
    expect(FORMATS).toHaveLength(7)
  })
})
