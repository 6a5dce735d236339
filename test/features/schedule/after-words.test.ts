import { describe, expect, test } from 'vitest'
import { nextLook } from '../../../src/features/schedule/perform-after.ts'
import type { AfterLook } from '../../../src/model/after.ts'
import { type AfterStanding, afterView } from '../../../src/report/view/after-words.ts'

const at = (minute: number) => new Date(Date.parse('2026-01-05T08:00:00.000Z') + minute * 60_000).toISOString()
const BAD = { device: 'leaf1', check: 'vlan', says: '998 - expected: there, actual: missing' }
const SILENT = { device: 'leaf2', says: 'no answer' }

/** What looks come to, ten minutes apart: of each whether it was good, has failed, was not judged, or both. */
function lookedAt(...looks: readonly ('good' | 'failed' | 'unjudged' | 'both')[]) {
  const devices = ['leaf1', 'leaf2']
  return looks.reduce<(AfterLook & { instant: string }) | undefined>((before, look, index) => {
    const instant = at(10 * (index + 1))
    const bad = look === 'failed' || look === 'both' ? [BAD] : []
    const unjudged = look === 'unjudged' || look === 'both' ? [SILENT] : []
    return { ...nextLook(before, { instant, bad, unjudged, looked: 2, left: [], devices }), instant }
  }, undefined) as AfterLook & { instant: string }
}

describe('what a look comes to behind the ones before', () => {
  test.each([
    [['good'], 'good', undefined, 0],
    [['failed'], 'failed', at(10), 0],
    [['good', 'failed', 'failed'], 'failed', at(20), 0],
    [['failed', 'unjudged'], 'unjudged', at(10), 1],
    [['failed', 'unjudged', 'failed'], 'failed', at(10), 0],
    [['failed', 'good'], 'good', undefined, 0],
    [['unjudged', 'unjudged', 'unjudged'], 'unjudged', undefined, 3],
    [['unjudged', 'unjudged', 'good', 'unjudged'], 'unjudged', undefined, 1],
    [['both'], 'failed', at(10), 0],
  ] as const)('%j', (looks, result, failedSince, unjudgedInARow) => {
    const look = lookedAt(...looks)
    expect([look.result, look.failedSince, look.unjudgedInARow]).toEqual([result, failedSince, unjudgedInARow])
    expect(look.good + look.failed + look.unjudged).toBe(looks.length)
  })

  test('a look at no switch is not good', () => {
    const nothing = { instant: at(10), bad: [], unjudged: [], looked: 0, left: [], devices: ['leaf1'] }
    expect(nextLook(undefined, nothing).result).toBe('unjudged')
  })
})

const standing = (more: Partial<AfterStanding> = {}) => ({
  subject: { execution: 'x1', devices: ['leaf1', 'leaf2'], until: at(60) },
  every: 600,
  begun: at(0),
  isPaused: false,
  ...more,
})

describe('how a watch is, in words', () => {
  const gone = { ...lookedAt('failed'), devices: [], left: [{ device: 'leaf1', because: 'x2 has changed it' }] }
  test.each([
    [5, {}, 'watching', `watching until ${at(60)}, every 10m; not looked yet`],
    [15, { look: lookedAt('good') }, 'watching', `watching until ${at(60)}, every 10m; good at ${at(10)}`],
    [15, { isPaused: true }, 'paused', `paused; it would be watched until ${at(60)}`],
    [
      15,
      { look: lookedAt('failed') },
      'failed',
      `failed at ${at(10)}: leaf1: vlan: 998 - expected: there, actual: missing; watching until ${at(60)}`,
    ],
    [
      25,
      { look: lookedAt('failed', 'unjudged') },
      'failed',
      `failed at ${at(10)}, not judged since: leaf2: no answer; watching until ${at(60)}`,
    ],
    [
      35,
      { look: lookedAt('unjudged', 'unjudged', 'unjudged') },
      'unjudged',
      `could not be judged 3 times in a row: leaf2: no answer; watching until ${at(60)}`,
    ],
    [61, { look: lookedAt('good', 'good', 'good', 'good', 'good', 'good') }, 'held', 'held for 1h'],
    [61, { look: lookedAt('good', 'unjudged', 'good') }, 'held', 'held for 1h, by 2 of 6 looks'],
    [61, {}, 'ended', 'ended: its time is over, and nobody has looked'],
    [
      61,
      { look: lookedAt('good', 'unjudged') },
      'ended',
      'ended: its time is over, and its last look could not be judged',
    ],
    [
      61,
      { look: lookedAt('failed') },
      'failed',
      `failed at ${at(10)}: leaf1: vlan: 998 - expected: there, actual: missing; its time is over`,
    ],
    [15, { look: gone }, 'ended', 'ended: leaf1 is no longer watched: x2 has changed it'],
    [15, { ended: { at: at(12), reason: 'ann has ended it: enough' } }, 'ended', 'ended: ann has ended it: enough'],
    [
      99,
      { look: lookedAt('good'), ended: { at: at(70), reason: 'its time is over' } },
      'held',
      'held for 1h, by 1 of 6 looks',
    ],
  ] as const)('at minute %d: %j', (minute, more, state, words) => {
    const view = afterView(standing(more), Date.parse(at(minute)))
    expect([view.state, view.words]).toEqual([state, words])
  })
})
