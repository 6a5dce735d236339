// @module-tag long
import { expect, test } from 'vitest'
import { everyNthOfLong } from '../../../extent.ts'
import { exits } from '../../../lab/exits.ts'
import { aroundLab, vlansOf } from './around-lab.ts'

/** As many records as a good change of the lab has, at least: behind each of them a process dies. */
const RECORDS = 100
const MOMENTS = Array.from({ length: RECORDS - 11 }, (_, index) => index + 11)

test('a good change has as many records as the table has moments', async () => {
  const { lab } = await aroundLab()
  await lab.ok('plan workflow.yaml -o change.plan')
  await lab.ok('approve change.plan')
  await lab.ok('run change.plan')
  const events = await lab.record()
  expect(events.length).toBe(RECORDS)
})

test.for(everyNthOfLong(45, 'records behind which a process with services around its change dies', MOMENTS))(
  'killed behind record %i: whoever goes on ends what was begun, once',
  { tags: ['long', 'turn'] },
  async (moment) => {
    const { lab, services } = await aroundLab()
    await lab.killAt(`event-${moment}`)
    const { code, out, err } = await lab.resume()
    const { silences, annotations, change, issue, journal } = services.state
    // Nobody knows whether a timed commit that was on its way has arrived: what is asked is put back.
    const isBack = out.includes('the timed commit did not take effect')
    expect(code, out + err).toBe(isBack ? 6 : 0)
    expect(silences.map(({ state }) => state)).toEqual(['expired'])
    expect(annotations.map(({ timeEnd }) => timeEnd !== undefined)).toEqual([true])
    expect([change.work_notes.split('[eosflow').length - 1, issue.comments.length, journal.length]).toEqual([1, 1, 2])
    expect(vlansOf(lab, 'leaf1')).toBe(!isBack)
  },
)

/** A ticket, which is a gate, and two effects that begin before the first push. */
const AROUND = `around:
  - { ticket: changes, number: CHG0030001 }
  - { silence: alerts, matchers: [{ name: instance, value: '{{ device.name }}' }], for: 10m }
  - { annotate: graphs, tags: [network] }
`

const RECORD = 'GET /api/now/table/change_request'
const NOTES = `${RECORD}/c83c5e5347c12200e0ef563dbb9a7190`
const SILENCE = '/api/v2/silence/00000000-0000-0000-0000-000000000001'

/** Every request of such a change: what it is, and the how manieth of its kind. */
const CALLS = [
  [RECORD, 1],
  [RECORD, 2],
  [RECORD, 3],
  [NOTES, 1],
  [NOTES.replace('GET', 'PATCH'), 1],
  ['POST /api/v2/silences', 1],
  [`GET ${SILENCE}`, 1],
  [`DELETE ${SILENCE}`, 1],
  [`GET ${SILENCE}`, 2],
  ['POST /api/annotations', 1],
  ['PATCH /api/annotations/1', 1],
] as const

/** Of a read it makes no difference whether the service has done it. */
const ROWS = CALLS.flatMap(([what, nth]) =>
  (what.startsWith('GET') ? (['is answered'] as const) : (['is carried out', 'is answered'] as const)).map(
    (before) => [what, nth, before] as const,
  ),
)

test('the table has every request of such a change, and each write before and after what it does', () => {
  expect([CALLS.length, ROWS.length]).toEqual([11, 16])
})

test.for(everyNthOfLong(8, 'calls around a change at which a process dies', ROWS))(
  'killed at %s #%i, before it %s: what was begun is undone, once',
  async ([what, nth, before]) => {
    const { lab, services } = await aroundLab({ around: AROUND, targets: 'leaf1' })
    services.fault = (asked, count) => {
      if (asked !== what || count !== nth) return undefined
      lab.kill()
      return before === 'is answered' ? 'reset-after' : 'reset-before'
    }
    await lab.killIn(() => lab.change())
    services.fault = () => undefined
    const { silences, annotations, change } = services.state
    const isBegun = what !== RECORD || nth > 1
    if (!isBegun) {
      // Nothing was pushed, and nothing is there to resume.
      expect([vlansOf(lab, 'leaf1'), silences, annotations, change.work_notes]).toEqual([false, [], [], ''])
      return
    }
    const { code, out, err } = await lab.resume()
    expect([code, vlansOf(lab, 'leaf1')], out + err).toEqual([0, true])
    expect([services.by.alerts.unpublished, services.by.graphs.unpublished]).toEqual([[], []])
    expect(silences.map(({ state }) => state)).toEqual(['expired'])
    expect(annotations.map(({ timeEnd }) => timeEnd !== undefined)).toEqual([true])
    expect([change.state, change.work_notes.split('[eosflow').length - 1]).toEqual(['0', 1])
  },
)

test('killed between the silence and the push, and then stopped: the silence is ended, and nothing was changed', async () => {
  const { lab, services } = await aroundLab()
  await lab.killAt('intent-open')
  expect(services.state.silences.map(({ state }) => state)).toEqual(['active'])
  const { code, out, err } = await lab.eosflow('stop @latest --reason', 'not today')
  expect([code, out + err]).toEqual([0, expect.stringContaining('cancelled')])
  expect(services.state.silences.map(({ state }) => state)).toEqual(['expired'])
  expect(services.state.change).toMatchObject({ state: '-1', work_notes: expect.stringContaining('cancelled') })
})

test('killed between the silence and the push, and the ticket was withdrawn meanwhile: it is asked again, and nothing is sent', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab, services } = await aroundLab()
  await lab.killAt('intent-open')
  services.state.change.approval = 'rejected'
  const { code, out, err } = await lab.resume()
  expect([code, out + err]).toEqual([10, expect.stringContaining('its approval is "rejected", and must be "approved"')])
  expect(vlansOf(lab, 'leaf1')).toBe(false)
  expect(services.state.silences.map(({ state }) => state)).toEqual(['expired'])
})

test('killed when the silence was sent and not answered: it is found by its mark and not begun twice', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab, services } = await aroundLab()
  services.fault = (what, nth) => (/POST .*silences/.test(what) && nth === 1 ? 'reset-after' : undefined)
  await lab.killAt('intent-open')
  await exits(0, lab.resume())
  expect(services.state.silences.map(({ state }) => state)).toEqual(['expired'])
})

test('a stop while other services hear of it takes back nothing: the change is good and stays', {
  tags: ['long', 'turn'],
}, async () => {
  const stopping = new AbortController()
  const { lab, services } = await aroundLab({ stop: stopping.signal })
  services.fault = (what, nth) => {
    if (!/PATCH .*annotations/.test(what) || nth > 2) return undefined
    stopping.abort()
    return '500'
  }
  const { code, out, err } = await lab.change()
  expect([code, out + err]).toEqual([0, expect.stringContaining('succeeded')])
  expect([stopping.signal.aborted, vlansOf(lab, 'leaf1'), vlansOf(lab, 'leaf2')]).toEqual([true, true, true])
})
