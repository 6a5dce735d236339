// @module-tag long
import { describe, expect, test } from 'vitest'
import { deviatingFacts, rowVerdicts } from '../../../src/features/conformance/kit/conversation.ts'
import { PROBES } from '../../../src/features/conformance/kit/probes/index.ts'
import { everyNthOfLong } from '../../extent.ts'
import { DEVIATIONS, tried } from './kit-bench.ts'

const EOS = '4.32.2F'

function probeNamed(id: string) {
  const found = PROBES.find((probe) => probe.id === id)
  if (found === undefined) throw new RangeError(id)
  return found
}

describe('[G9] a planted deviation', () => {
  test('there are enough of them, for every probe', () => {
    expect(DEVIATIONS.length).toBe(45)
    expect(new Set(DEVIATIONS.map(({ probe }) => probe))).toEqual(new Set(PROBES.map(({ id }) => id)))
  })

  test.each(everyNthOfLong(9, 'deviations of a switch', DEVIATIONS))(
    '$name',
    async ({ probe, refutes, learns = {}, ...deviation }) => {
      const { behind } = probeNamed(probe)
      const before = PROBES.filter(({ id, rows }) => id !== probe && behind !== undefined && rows.includes(behind))
      const { run } = await tried(EOS, deviation, [...before, probeNamed(probe)])
      const verdicts = rowVerdicts(PROBES, run.probes)
      expect(verdicts.filter(({ verdict }) => verdict === 'refuted').map(({ row }) => row)).toEqual(refutes)
      expect(Object.fromEntries(deviatingFacts(run.probes).map(({ key, value }) => [key, value]))).toEqual(learns)
      expect(run.remains).toEqual([])
    },
  )

  test.each(DEVIATIONS)('in a whole run: $name', { tags: ['long', 'night'] }, async (planted) => {
    const { name: _name, probe: _probe, refutes, learns: _learns, ...deviation } = planted
    const { run } = await tried(EOS, deviation, PROBES)
    const refuted = rowVerdicts(PROBES, run.probes).filter(({ verdict }) => verdict === 'refuted')
    expect(refuted.map(({ row }) => row)).toEqual(expect.arrayContaining([...refutes]))
    // Where a probe does not read back as before, the run has stopped there.
    expect(run.stopped === undefined).toBe(run.remains?.length === 0)
  })
})
