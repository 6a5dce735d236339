import { expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { fakeServices, settingsOf } from './fake-services.ts'
import { killedAround } from './killed-around.ts'

/** A ticket, which is a gate, and two effects that begin before the first push. */
const AROUND = `
  - { ticket: changes, number: CHG0030001 }
  - { silence: alerts, matchers: [{ name: instance, value: '{{ device.name }}' }], for: 10m }
  - { annotate: graphs, tags: [network] }`

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

test('the table has every request of such a change, and each write before and behind what it does', () => {
  expect([CALLS.length, ROWS.length]).toEqual([11, 16])
})

test.for(everyNthOfLong(7, 'calls around a change at which the command is killed', ROWS))(
  'killed with kill -9 at %s #%i, before it %s: what was begun is undone, once',
  { tags: 'night', timeout: 120_000 },
  async ([what, nth, before]) => {
    const services = await fakeServices()
    let kill = (): void => undefined
    const when = new Promise<void>((resolve) => {
      kill = resolve
    })
    services.fault = (asked, count) => {
      if (asked !== what || count !== nth) return undefined
      kill()
      return before === 'is answered' ? 'never' : 'dropped'
    }
    const end = await killedAround({
      point: what,
      when,
      around: AROUND,
      settings: (reference) => settingsOf(services, reference),
    })
    const { silences, annotations, change } = services.state
    const isBegun = what !== RECORD || nth > 1
    expect([end.signal, services.by.alerts.unpublished, services.by.graphs.unpublished], end.text).toEqual([
      'SIGKILL',
      [],
      [],
    ])
    if (!isBegun) {
      // Nothing was pushed, and nothing is there to resume.
      expect([end.ends, silences, annotations, change.work_notes], end.text).toEqual([['BEFORE+'], [], [], ''])
      return
    }
    expect([end.code, end.ends], end.text).toEqual([0, ['AFTER+']])
    expect(
      silences.map(({ state }) => state),
      end.text,
    ).toEqual(['expired'])
    expect(
      annotations.map(({ timeEnd }) => timeEnd !== undefined),
      end.text,
    ).toEqual([true])
    expect([change.state, change.work_notes.split('[eosflow').length - 1], end.text).toEqual(['0', 1])
  },
)
