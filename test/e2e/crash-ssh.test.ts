// @module-tag night
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { extent } from '../extent.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { type Built, build, type Crash, type CrashEnd, crashAndResume } from './crash.ts'

/** How many crashes are under way at once: the processes mostly wait for their disk. */
const AT_ONCE = 3
/** Seconds after which a commit timer of the change has run out. */
const LATER = 301

type Row = Omit<Crash, 'on' | 'switches' | 'workflow' | 'transport'> & { readonly expected: 'BEFORE' | 'AFTER' }

const after = (point: string): Row => ({ point, expected: 'AFTER' })
const before = (point: string): Row => ({ point, expected: 'BEFORE' })
/** Killed from outside: the switch has run the line, and nobody has heard so. */
const unheard = (point: string, command: string, nth = 1): Row => ({ ...after(point), held: { command, nth } })

const PLAN_LINES = unheard('among the lines of the plan', '^vlan 998$')
/** The plan has typed the line before. */
const LINES = unheard('among the lines', '^name TESTED$', 2)
const CHECKPOINT = unheard('checkpoint unheard', '^configure checkpoint save')
/** What it has replaced is in its answer alone. */
const ARM: Row = { ...unheard('timed commit unheard', ' commit timer '), expected: 'BEFORE' }
const CONFIRM = unheard('confirm unheard', ' commit$')
const SAVE = unheard('save unheard', '^copy running-config startup-config$')
/** The plan has aborted its session before. */
const ABORT: Row = { ...unheard('abort unheard', ' abort$', 2), expected: 'BEFORE' }
const ARM_LATE: Row = { ...ARM, later: LATER }

const NEVER_GOOD = '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }'
const PROFILES = [
  {
    eos: '4.31',
    name: 'leaf1',
    rows: extent(
      [ARM, CONFIRM],
      [
        ...[PLAN_LINES, LINES, CHECKPOINT, ARM, ARM_LATE, CONFIRM, SAVE, ABORT],
        ...[
          after('before-open'),
          before('before-arm'),
          before('after-arm'),
          after('before-confirm'),
          after('after-confirm'),
        ],
      ],
    ),
    count: extent(2, 13),
  },
  {
    eos: '4.32',
    name: 'leaf3',
    rows: extent([LINES, ARM_LATE], [LINES, before('before-arm'), ARM, ARM_LATE, CONFIRM, ABORT]),
    count: extent(2, 6),
  },
] as const

const ends: string[] = []
let built: Built

beforeAll(async () => {
  built = await build()
})

afterAll(() => {
  built.remove()
  const title = `${ends.length} times kill -9 over SSH, then resume (+: startup-config as running-config)`
  process.stdout.write(`${title}\n${ends.join('\n')}\n`)
})

describe.each(PROFILES)('killed over SSH on EOS $eos', { timeout: 180_000 }, ({ eos, name, rows, count }) => {
  test(`one switch, at ${rows.length} points`, async () => {
    expect(rows).toHaveLength(count)
    const waiting = [...rows]
    const worker = async (): Promise<void> => {
      for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) await judge(eos, name, row)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  })
})

test('[F31] a process that aborts is as one that is killed', { timeout: 60_000 }, async () => {
  const end = await crashed('leaf1', { point: 'after-arm', by: 'SIGABRT' })
  expect(end.signal).toBe('SIGABRT')
  expect({ code: end.code, ends: end.ends, said: end.said }, end.text).toEqual({
    code: 6,
    ends: ['BEFORE+'],
    said: ['BEFORE'],
  })
})

const crashed = (name: string, crash: Omit<Row, 'expected'>): Promise<CrashEnd> =>
  crashAndResume(built.killingCli, {
    ...crash,
    on: name,
    switches: [name],
    transport: 'ssh',
    workflow: workflowFor(name, crash.point === ABORT.point ? { verify: NEVER_GOOD } : {}),
  })

async function judge(eos: string, name: string, { expected, ...crash }: Row): Promise<void> {
  const { signal, code, ends: found, said, again, text } = await crashed(name, crash)
  const late = crash.later === undefined ? '' : `, ${crash.later} s later`
  const where = `${crash.point} on ${name}${late}`
  ends.push(`  ${eos}  ${`${crash.point} on ${name}`.padEnd(38)} exit ${code}  ${found.join(' ')}${late}`)
  expect(signal, where).toBe('SIGKILL')
  expect(code, `${where}\n${text}`).toBe(expected === 'AFTER' ? 0 : 6)
  expect(found, where).toEqual([`${expected}+`])
  expect(said, `${where}\n${text}`).toEqual([expected])
  expect(again, where).toEqual({ code, said, requests: 0 })
}
