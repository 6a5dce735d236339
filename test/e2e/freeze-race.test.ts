import { expect, test } from 'vitest'
import type { JournalEvent } from '../../src/journal/event.ts'
import { everyNthOfLong } from '../extent.ts'
import { type Lab, newest, openLab, withAppends } from '../lab/lab.ts'

/** What became of a change that was frozen before one of its appends. */
interface Frozen {
  readonly lab: Lab
  readonly code: number
  readonly records: readonly JournalEvent[]
  readonly appends: number
  /** The append that announced the first timed commit. */
  readonly armedBy: number
  readonly where: readonly (string | undefined)[]
}

/** Makes a change of two switches, and freezes right before the append of this number. */
async function frozenBefore(number: number): Promise<Frozen> {
  const records: JournalEvent[] = []
  let appends = 0
  let armedBy = 0
  let isFreezing = false
  const before = async (): Promise<void> => {
    if (isFreezing) return
    appends += 1
    if (appends !== number) return
    isFreezing = true
    await lab.ok('freeze --reason INC-1 --for 1h')
    isFreezing = false
  }
  const behind = (written: readonly JournalEvent[]): void => {
    records.push(...written)
    if (armedBy === 0 && written.some(isArm)) armedBy = appends
  }
  const lab: Lab = openLab({ targets: 'leaf1 or leaf3', seams: withAppends({ before, behind }) })
  const { code } = await lab.change()
  const made = appends
  const where = ['leaf1', 'leaf3'].map((name) => lab.whereIs(name))
  return { lab, code, records: records.toSorted((a, b) => a.seq - b.seq), appends: made, armedBy, where }
}

const isArm = (event: JournalEvent): boolean => event.type === 'ActIntended' && event.act === 'arm'

const isStaged = (event: JournalEvent): boolean => event.type === 'ActIntended' && event.checkpoint !== undefined

const isDue = (event: JournalEvent): boolean => event.type === 'TaskScheduled' && event.state === 'Push'

test('a freeze that is set at any record of a change comes before its first timed commit, or the change goes on to its end', {
  tags: ['long', 'turn'],
  timeout: 300_000,
}, async () => {
  const { appends: all, armedBy, code, records: whole } = await frozenBefore(0)
  expect(code).toBe(0)
  expect(whole.filter(isArm)).toHaveLength(2)
  let [refused, refusedAtCommit, goneOn] = [0, 0, 0]
  const numbers = Array.from({ length: all }, (_, index) => index + 1)
  // Those around the first timed commit are always among them.
  const near = numbers.filter((number) => Math.abs(number - armedBy) <= 2)
  const what = 'freezes at a record of a change'
  const cut = everyNthOfLong(20, what, numbers)
  for (const number of new Set([...near, ...cut])) {
    const { lab, code, records, where } = await frozenBefore(number)
    const frozen = records.findIndex(({ type }) => type === 'FreezeSet')
    const armed = records.findIndex(isArm)
    expect(frozen, `frozen before append ${number}`).toBeGreaterThan(-1)
    if (armed === -1) {
      refused += 1
      // Frozen before the push was due: nothing is staged either. The approval is not used up.
      if (!records.slice(0, frozen).some(isDue)) expect([number, records.some(isStaged)]).toEqual([number, false])
      expect([number, records.some(({ type }) => type === 'ApprovalUsed')]).toEqual([number, false])
      expect([number, code, where]).toEqual([number, 9, ['BEFORE', 'BEFORE']])
      if (!records.slice(0, frozen).some(isStaged)) continue
      refusedAtCommit += 1
      // It ended as refused, and the same approval lets it be done behind the freeze.
      const refusal = await newest(lab)
      await lab.exits(9, 'redrive', refusal)
      await lab.clock.advance(3_600_000)
      const again = await lab.eosflow('redrive', refusal)
      expect([number, again.code], again.out + again.err).toEqual([number, 0])
      expect(lab.whereIs('leaf3')).toBe('AFTER')
    } else {
      goneOn += 1
      // The law, read from the record itself.
      expect([number, armed < frozen]).toEqual([number, true])
      expect([number, code, where]).toEqual([number, 0, ['AFTER', 'AFTER']])
    }
  }
  process.stdout.write(`${refused} refused, ${refusedAtCommit} of them at the commit, ${goneOn} went on to the end\n`)
  expect(refused).toBeGreaterThan(3)
  expect(refusedAtCommit).toBeGreaterThan(1)
  expect(goneOn).toBeGreaterThan(3)
})
