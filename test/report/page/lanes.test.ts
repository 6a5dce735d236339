import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { lanes, ticksOf } from '../../../src/report/page/lanes.ts'
import { type ExecutionView, executionViewSchema, type ViewLane } from '../../../src/report/view/execution-view.ts'

const SOAKING = executionViewSchema.parse(
  JSON.parse(readFileSync(new URL('../../golden/view-soaking.json', import.meta.url), 'utf8')),
)
const [held] = SOAKING.waves[0]?.lanes ?? []
const [verifying] = SOAKING.waves[1]?.lanes ?? []
if (held === undefined || verifying === undefined) throw new RangeError('no lanes to draw')

/** As many switches as wanted, like one of the recorded ones. */
const many = (count: number, of: ViewLane, prefix: string) =>
  Array.from({ length: count }, (_, index) => ({ ...of, device: `${prefix}${index + 1}` }))

/** The names of the rows that are drawn. */
const rowsOf = (view: ExecutionView) =>
  [
    ...lanes(view)
      .toString()
      .matchAll(/<span class="nm"[^>]*>(?:<details class="names"><summary>)?([^<]*)</g),
  ].map(([, name = '']) => name)

describe('lanes', () => {
  test('say in words what they draw, and have no style of an element', () => {
    const text = lanes(SOAKING).toString()
    expect(text).not.toMatch(/ style=/)
    expect([...text.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label)).toEqual([
      'leaf1: verified, not confirmed; load and commit 0 s; verifying 30 s; verified, held 14 s; commit timer 9 min 15 s left',
      'leaf2: live, verifying; load and commit 0 s; verifying 13 s; commit timer 9 min 47 s left',
      'leaf3: live, verifying; load and commit 0 s; verifying 13 s; commit timer 9 min 47 s left',
      'leaf4: waits for its wave',
    ])
    expect(text.match(/class="fuse on"/g)).toHaveLength(4)
  })

  test('[B3] of more than 24 switches are one row for those in the same place, and up to three of them are a row each', () => {
    const failing: ViewLane = {
      ...held,
      device: 'bad1',
      mark: { tone: 'bad', word: 'live, not good' },
      isFailing: true,
    }
    const waves: ExecutionView['waves'] = [
      { number: 1, standing: 'done', isCanary: true, lanes: many(1, held, 'first') },
      { number: 2, standing: 'failed', isCanary: false, lanes: [...many(99, held, 'a'), failing] },
      { number: 3, standing: 'now', isCanary: false, lanes: many(3, verifying, 'b') },
      { number: 4, standing: 'ahead', isCanary: false, lanes: many(96, { ...held, segments: [], fuses: [] }, 'c') },
    ]
    expect(rowsOf({ ...SOAKING, waves })).toEqual(['first1', 'bad1', '99 switches', 'b1', 'b2', 'b3', '96 switches'])
    const few: ExecutionView['waves'] = [{ number: 1, standing: 'done', isCanary: false, lanes: many(60, held, 'a') }]
    expect(rowsOf({ ...SOAKING, waves: few })).toEqual(['60 switches'])
    const fewer = few.map((wave) => ({ ...wave, lanes: wave.lanes.slice(0, 24) }))
    expect(rowsOf({ ...SOAKING, waves: fewer })).toHaveLength(24)
    expect(lanes({ ...SOAKING, waves }).toString()).toContain('Wave 1, canary')
  })

  test('[B5] say of many in one row only what is so of each of them', () => {
    const { note: _, earliest: __, ...bare } = { ...held, segments: [], fuses: [] }
    const drawn = (...of: readonly Partial<ViewLane>[]) => {
      const row = (index: number) => ({ ...bare, ...of[index % of.length], device: `sw${index}` })
      const lanesOf = Array.from({ length: 30 }, (_one, index) => row(index))
      return lanes({ ...SOAKING, waves: [{ number: 1, standing: 'now', isCanary: false, lanes: lanesOf }] }).toString()
    }
    expect(drawn({ note: 'saved' })).toContain('<small title="saved">saved</small>')
    const different = drawn({ note: 'saved' }, { note: 'startup-config differs' })
    expect(different).toContain('not all alike')
    expect(different).not.toMatch(/saved|startup-config/)
    expect(drawn({ note: 'saved' }, {})).toContain('not all alike')
    const [from, to] = ['2026-01-05T08:01:00.000Z', '2026-01-05T08:02:00.000Z']
    expect(drawn({ earliest: { from, to } })).toContain('class="planned"')
    expect(drawn({ earliest: { from, to } }, {})).not.toContain('class="planned"')
  })

  test('escape the name of a switch', () => {
    const waves: ExecutionView['waves'] = [
      { number: 1, standing: 'now', isCanary: false, lanes: [{ ...held, device: '"><b>x', note: '<i>' }] },
    ]
    const drawn = lanes({ ...SOAKING, waves }).toString()
    expect(drawn).toContain('&quot;&gt;&lt;b&gt;x')
    expect(drawn).toContain('&lt;i&gt;')
    expect(drawn).not.toMatch(/<b>|<i>/)
  })

  test.each([
    [7, ['0 s', '1 s', '2 s', '3 s', '4 s', '5 s', '6 s', '7 s']],
    [105, ['0 s', '15 s', '30 s', '45 s', '1:00', '1:15', '1:30', '1:45']],
    [196, ['0 s', '30 s', '1:00', '1:30', '2:00', '2:30', '3:00']],
    [5400, ['0 s', '15:00', '30:00', '45:00', '1 h', '1:15 h', '1:30 h']],
  ])('an axis of %i s has round ticks', (seconds, labels) => {
    const axis = { from: 0, to: seconds * 1000, now: 0, isLive: false }
    expect(ticksOf(axis).map(({ label }) => label)).toEqual(labels)
  })
})
