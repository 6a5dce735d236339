// @module-tag long
import { expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { aroundLab, vlansOf } from './around-lab.ts'

/** As many records as a good change of the lab has, at least: behind each of them a process dies. */
const RECORDS = 100
const MOMENTS = Array.from({ length: RECORDS - 11 }, (_, index) => index + 11)

test('a good change has as many records as the table has moments', async () => {
  const { lab } = await aroundLab()
  expect((await lab.eosflow('plan', 'workflow.yaml', '-o', 'change.plan')).code).toBe(0)
  expect((await lab.eosflow('approve', 'change.plan')).code).toBe(0)
  expect((await lab.eosflow('run', 'change.plan')).code).toBe(0)
  const events = await lab.record()
  expect(events.length).toBe(RECORDS)
})

test.for(everyNthOfLong(26, 'records behind which a process with services around its change dies', MOMENTS))(
  'killed behind record %i: whoever goes on ends what was begun, once',
  { tags: 'night' },
  async (moment) => {
    const { lab, services, killAt, resume } = await aroundLab()
    await killAt(`event-${moment}`)
    const { code, out, err } = await resume()
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

test('killed between the silence and the push, and then stopped: the silence is ended, and nothing was changed', async () => {
  const { lab, services, killAt } = await aroundLab()
  await killAt('intent-open')
  expect(services.state.silences.map(({ state }) => state)).toEqual(['active'])
  const { code, out, err } = await lab.eosflow('stop', '@latest', '--reason', 'not today')
  expect([code, out + err]).toEqual([0, expect.stringContaining('cancelled')])
  expect(services.state.silences.map(({ state }) => state)).toEqual(['expired'])
  expect(services.state.change).toMatchObject({ state: '-1', work_notes: expect.stringContaining('cancelled') })
})

test('killed between the silence and the push, and the ticket was withdrawn meanwhile: it is asked again, and nothing is sent', {
  tags: 'night',
}, async () => {
  const { lab, services, killAt, resume } = await aroundLab()
  await killAt('intent-open')
  services.state.change.approval = 'rejected'
  const { code, out, err } = await resume()
  expect([code, out + err]).toEqual([10, expect.stringContaining('its approval is "rejected", and must be "approved"')])
  expect(vlansOf(lab, 'leaf1')).toBe(false)
  expect(services.state.silences.map(({ state }) => state)).toEqual(['expired'])
})

test('killed when the silence was sent and not answered: it is found by its mark and not begun twice', {
  tags: 'night',
}, async () => {
  const { services, killAt, resume } = await aroundLab()
  services.fault = (what, nth) => (/POST .*silences/.test(what) && nth === 1 ? 'reset-after' : undefined)
  await killAt('intent-open')
  expect((await resume()).code).toBe(0)
  expect(services.state.silences.map(({ state }) => state)).toEqual(['expired'])
})

test('a stop while other services hear of it takes back nothing: the change is good and stays', {
  tags: 'night',
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
