// @module-tag long
import { describe, expect, test } from 'vitest'
import type { HttpPort } from '../../../../src/model/http-port.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { records } from '../../../features/judge/judged-lab.ts'
import { aroundLab, BAD, vlansOf } from './around-lab.ts'
import { SECRETS } from './fake-services.ts'
import type { Answer, Instead } from './loopback-service.ts'

const SECRET = SECRETS.GRAFANA_TOKEN
const TICKET = 'GET /api/now/table/change_request'

/** A lab whose services answer what a test says, word for word, and whose client fails at what it says. */
async function spoiltLab(
  instead: Instead,
  {
    fails,
    rollout = '',
    ...more
  }: Parameters<typeof aroundLab>[0] & { readonly fails?: RegExp; readonly rollout?: string } = {},
) {
  const clientOf = (http: HttpPort): HttpPort => ({
    ...http,
    send: async (request, signal) => {
      if (fails?.test(request.name) === true) throw new RangeError('no such thing')
      return http.send(request, signal)
    },
  })
  const lab = await aroundLab({ ...more, rollout, clientOf })
  lab.services.fault = instead
  return lab
}

const json = (text: string, status = 200): Answer => ({ status, text })

const ticketOf = (fields: string): Answer =>
  json(`{"result":[{"number":"CHG0030001","state":"-1","approval":"approved",${fields}}]}`)

const deep = (open: string, close: string) => `${open.repeat(100_000)}1${close.repeat(100_000)}`

describe('an answer that no service of this kind gives', { tags: 'turn' }, () => {
  const ANSWERS: readonly [string, Instead, string, RegExp?][] = [
    [
      'an id with half a character',
      (what, nth) => (what === TICKET && nth > 2 ? ticketOf('"sys_id":"\\ud800"') : undefined),
      'ticket CHG0030001 in changes',
    ],
    [
      'an id that leads elsewhere',
      (what, nth) => (what === TICKET && nth > 2 ? ticketOf('"sys_id":".."') : undefined),
      'ticket CHG0030001 in changes',
    ],
    [
      'comments that are nested without end',
      (what) => (/GET .*comment$/.test(what) ? json(`{"comments":[${deep('[', ']')}]}`) : undefined),
      'ticket NET-140 in issues',
    ],
    ['what makes eosflow fail', () => undefined, 'annotation in graphs 1', /PATCH .*annotations/],
  ]

  test.each(everyNthOfLong(2, 'answers that no service gives', ANSWERS))(
    'at the end, %s: the change ends as it has ended, and what has not heard is named',
    async (_, instead, name, fails) => {
      const { lab, services } = await spoiltLab(instead, fails === undefined ? {} : { fails })
      const { code, out, err } = await lab.change()
      expect([code, out + err]).toEqual([0, expect.stringContaining('succeeded')])
      expect(out).toContain(`! ${name} has not heard how the change ended: `)
      expect(services.seen.filter((one) => /table\/$/.test(one))).toEqual([])
      expect((await records(lab)).at(-1)?.type).toBe('ExecutionEnded')
    },
  )

  test('at the beginning, what makes eosflow fail: the change goes on', async () => {
    const { lab, services } = await spoiltLab(() => undefined, { fails: /POST .*silences/ })
    const { code, out, err } = await lab.change()
    expect([code, out + err]).toEqual([0, expect.stringContaining('succeeded')])
    expect(services.state.silences).toEqual([])
  })

  test('about a ticket, nested without end: nothing is sent, and it is called what it is', async () => {
    const { lab } = await spoiltLab((what) =>
      what === TICKET ? ticketOf(`"sys_id":${deep('{"value":', '}')}`) : undefined,
    )
    const { code, out, err } = await lab.change()
    expect([code, out + err]).toEqual([10, expect.stringContaining('the answer is no JSON that can be relied on')])
    expect(vlansOf(lab, 'leaf1')).toBe(false)
  })
})

describe('a refusal that repeats a secret', () => {
  test.each([190, 65_530])(
    'from its byte %i on: no part of it is kept or shown',
    { tags: ['long', 'turn'] },
    async (before) => {
      const said = `${'x'.repeat(before)}${SECRET}`
      const { lab } = await spoiltLab((what) => (what === 'POST /api/annotations' ? json(said, 400) : undefined))
      const { code, out, err } = await lab.change()
      expect([code, out + err]).toEqual([0, expect.stringContaining('it answers 400')])
      expect(out + err + JSON.stringify(await records(lab))).not.toContain('wren')
    },
  )
})

describe('a ticket that is asked for switches one after the other', () => {
  test.each([
    ['is not answered about', json('{}', 503)],
    ['does not allow it', ticketOf('"sys_id":"a","approval":"requested"')],
  ])(
    'and %s for the first: no other is pushed either, whatever it says then',
    { tags: ['long', 'turn'] },
    async (_, first) => {
      const { lab, services } = await spoiltLab((what, nth) => (what === TICKET && nth === 2 ? first : undefined), {
        rollout: 'rollout: { waves: [1, 1], maxFailures: 1 }\n',
      })
      const { code } = await lab.change()
      expect([code, vlansOf(lab, 'leaf1'), vlansOf(lab, 'leaf2')]).toEqual([10, false, false])
      expect(services.state.silences).toEqual([])
    },
  )
})

test('a silence that could not be ended is named again when the execution was redriven', {
  tags: ['long', 'turn'],
}, async () => {
  let isAway = true
  const instead: Instead = (what) => (isAway && what.startsWith('DELETE') ? json('{}', 500) : undefined)
  const { lab, services } = await spoiltLab(instead, { lines: BAD })
  const leftOver = /left over: silence in alerts 00000000-0000-0000-0000-000000000001 could not be ended/
  expect((await lab.change()).out).toMatch(leftOver)
  isAway = false
  const again = await lab.eosflow('redrive @latest')
  expect(services.state.silences.map(({ state }) => state)).toEqual(['active', 'expired'])
  expect([again.code, again.out]).toEqual([6, expect.stringMatching(leftOver)])
  const { around } = JSON.parse((await lab.eosflow('show @latest --json')).out)
  expect(around).toEqual([
    expect.objectContaining({ name: 'silence in alerts', id: '00000000-0000-0000-0000-000000000001' }),
  ])
})

test.each([
  ["{{ '' }}", false, ''],
  ["{{ device.name if device.name == 'leaf1' else '' }}", false, ' for a switch'],
  ["{{ '' }}", true, ''],
])(
  'a matcher %s that is empty is no part of a plan: it would fit alerts that nobody meant',
  async (value, isRegex, whose) => {
    const matchers = `[{ name: alertname, value: Down }, { name: site, value: "${value}", isRegex: ${isRegex} }]`
    const { lab } = await spoiltLab(() => undefined, {
      around: `around: [{ silence: alerts, matchers: ${matchers} }]\n`,
    })
    const { code, out, err } = await lab.eosflow('plan workflow.yaml')
    const words = `what the label \`site\` must be is empty${whose}: that fits every alert without this label`
    expect([code, out + err]).toEqual([3, expect.stringContaining(words)])
  },
)

test('a matcher of which a part is empty is one', async () => {
  const around = `around: [{ silence: alerts, matchers: [{ name: site, value: "x{{ '' }}" }] }]\n`
  const { lab } = await spoiltLab(() => undefined, { around })
  await lab.ok('plan workflow.yaml')
})
