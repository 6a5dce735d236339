import { expect, test } from 'vitest'
import { checkActs } from '../../../src/doors/http/act/check.ts'
import { ANN, openLab, whileTimePasses } from '../../lab/lab.ts'
import { ann, deskOver } from './desk.ts'

test('a name of a snapshot is taken once, by a command as by a request, and no switch is asked for a second one', async () => {
  const bench = await openLab().serve()
  const ann = bench.browser(ANN)
  const take = (name?: string) =>
    ann.post('/api/v1/snapshots', { targets: 'leaf1', ...(name === undefined ? {} : { name }) })
  await bench.lab.ok('snapshot take before -t leaf1')
  const asked = bench.requests()
  const again = await bench.lab.eosflow('snapshot take before -t leaf2')
  expect([again.code, again.err]).toEqual([3, expect.stringContaining('there is a snapshot of this name already')])
  const requested = await take('before')
  expect([requested.status, JSON.stringify(requested.json)]).toEqual([422, expect.stringContaining('taken-name')])
  expect(bench.requests()).toBe(asked)
  expect((await take('after')).status).toBe(200)
  // Without a name each has its own, also within a second.
  const [one, two] = [(await take()).json.name, (await take()).json.name]
  expect(two).toBe(`${String(one)}-2`)
  const { json } = await ann.get('/api/v1/snapshots')
  expect((json.snapshots as { name: string }[]).map(({ name }) => name)).toEqual([two, one, 'after', 'before'])
})

test('of two that are taken under one name at once the second one is refused', async () => {
  const bench = await openLab().serve()
  const read = bench.app.store.snapshots.bind(bench.app.store)
  let looks = 0
  bench.app.store.snapshots = async () => {
    looks += 1
    // Behind the first look another process has taken its own.
    if (looks === 2)
      await bench.app.store.as(ANN).append(undefined, [
        {
          type: 'SnapshotTaken',
          name: 'before',
          snapshot: await bench.app.store.put('{}'),
          devices: ['leaf1'],
          baseline: [],
          notices: [],
        },
      ])
    return read()
  }
  const refused = await bench.browser(ANN).post('/api/v1/snapshots', { targets: 'leaf1', name: 'before' })
  expect([refused.status, (await read()).length]).toEqual([422, 1])
})

test('a snapshot says why a switch is missing, and nothing where none is', async () => {
  const { lab, context } = await deskOver(openLab())
  const take = (targets: string) =>
    whileTimePasses(lab.clock, checkActs.snapshot(context, ann, { targets, name: targets.slice(-5) }))
  const whole = await take('leaf1')
  expect(whole).toMatchObject({ version: 1, kind: 'snapshot', devices: ['leaf1'], missing: [] })
  expect(whole).not.toHaveProperty('failure')
  lab.fault({ kind: 'unreachable', device: 'leaf2' })
  expect(await take('leaf1 or leaf2')).toMatchObject({ missing: ['leaf2'], failure: expect.stringContaining('leaf2') })
})
