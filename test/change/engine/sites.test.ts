import { expect, test } from 'vitest'
import { foldSites, ONE_SITE } from '../../../src/change/engine/sites.ts'

test('[P20] of two decisions at a barrier the first one is in force', () => {
  const at = '2026-11-20T01:00:00.000Z'
  const go = { type: 'BarrierDecided', barrier: 'push', decision: 'released', reason: 'all are ready', at } as const
  const stop = { type: 'BarrierDecided', barrier: 'push', decision: 'refused', reason: 'too late', at } as const
  const decided = [go, stop].reduce((before, event) => foldSites(before, event), ONE_SITE)
  expect(decided.decided).toEqual({ push: { decision: 'released', reason: 'all are ready' } })
})
