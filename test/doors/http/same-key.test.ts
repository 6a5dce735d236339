import { expect, test } from 'vitest'
import { actInputs } from '../../../src/doors/http/request/act-input.ts'
import { everyNth } from '../../extent.ts'
import { ANN, openLab, workflowFor } from '../../lab/lab.ts'

const PARAMS = `params: { vlan: { type: integer, default: 998 }, label: { type: string, default: TESTED } }`
const FIRST = { workflow: 'one.yaml', params: { vlan: 998 }, targets: 'leaf1', skipUnreachable: false }

/** For each member of a request, another value of it: another change. */
const OTHER_CHANGE: Readonly<Record<string, unknown>> = {
  workflow: 'two.yaml',
  params: { vlan: 999 },
  targets: 'leaf2',
  skipUnreachable: true,
}

/** Every act that takes a key, with where it is asked for. */
const ACTS = { plan: '/api/v1/plans', start: '/api/v1/executions', 'start-plan': undefined, rebase: undefined } as const

test('every act that takes a key is in the table, and every member of it', () => {
  const keyed = Object.entries(actInputs).flatMap(([act, { shape }]) => ('key' in shape ? [act] : []))
  expect(keyed).toEqual(Object.keys(ACTS))
  const members = (act: keyof typeof ACTS) => Object.keys(actInputs[act].shape).filter((one) => one !== 'key')
  expect([members('plan'), members('start')]).toEqual([Object.keys(OTHER_CHANGE), Object.keys(OTHER_CHANGE)])
  expect([members('start-plan'), members('rebase')]).toEqual([['plan', 'carry'], ['plan']])
})

test.each(everyNth(2, 'keys that were used', ['plan', 'start'] as const))(
  'a %s under a key that was used for one with another member is refused, and the same one is found',
  async (act) => {
    const bench = await openLab({
      prepare: (lab) => {
        const file = workflowFor('leaf1 or leaf2', { extra: PARAMS })
        lab.write('one.yaml', file)
        lab.write('two.yaml', file.replace('add-a-vlan', 'add-another'))
      },
    }).serve()
    const ann = bench.browser(ANN)
    const first = await ann.post(ACTS[act], { ...FIRST, key: 'hooks:1' })
    expect(first.status).toBe(202)
    let refused = 0
    for (const [member, value] of Object.entries(OTHER_CHANGE)) {
      const other = await ann.post(ACTS[act], { ...FIRST, [member]: value, key: 'hooks:1' })
      expect([member, other.status, other.json.kind]).toEqual([member, 409, 'stale'])
      refused += 1
    }
    expect(refused).toBe(4)
    const again = await ann.post(ACTS[act], { ...FIRST, key: 'hooks:1' })
    expect(again.json).toEqual({ version: 1, execution: first.json.execution, known: true })
    expect(await bench.app.store.executionIds()).toEqual([first.json.execution])
  },
)

test('a change of a plan under the key of another plan is refused, and the same one is found', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await openLab({ files: { 'two.yaml': workflowFor('leaf2') } }).serve()
  const ann = bench.browser(ANN)
  const planned = async (workflow: string) => {
    const id = String((await ann.post('/api/v1/plans', { workflow })).json.execution)
    const get = () => ann.seen(id)
    await ann.ends(id)
    return `/api/v1/plans/${String((await get()).plan)}/executions`
  }
  const [one, two] = [await planned('workflow.yaml'), await planned('two.yaml')]
  const first = await ann.post(one, { key: 'CHG-1' })
  expect(first.status).toBe(202)
  expect((await ann.post(two, { key: 'CHG-1' })).status).toBe(409)
  expect((await ann.post(one, { key: 'CHG-1' })).json).toMatchObject({ execution: first.json.execution, known: true })
})
