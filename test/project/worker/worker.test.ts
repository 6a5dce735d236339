import { expect, test, vi } from 'vitest'
import { cursorBehind } from '../../../src/change/record/event/cursor.ts'
import type { WorkerRecord } from '../../../src/change/record/store/workers.ts'
import { EosflowError } from '../../../src/model/error.ts'
import type { SharedStore } from '../../../src/project/app/store/project-store.ts'
import { type App, partOf } from '../../lab/lab.ts'
import { type OneWorker, Processes, rowOf, startWorker } from './one-worker.ts'

/** What is posted because nobody was seen to drive it. */
const leftOnes = ({ queue }: OneWorker) => queue.posts.filter((id) => /@s\d+ for /.test(id))

const executionOf = (id: string) => id.slice(0, id.indexOf('@'))

async function deathsOn({ app }: OneWorker) {
  const { events } = await app.store.tail(cursorBehind(undefined))
  return events.flatMap((event) => (event.type === 'WorkerDied' ? [event.worker] : []))
}

test('what is brought to a worker is driven until it rests, is said in the log, and given up', async () => {
  const one = await startWorker({ sites: ['ams', 'default'] })
  expect(one.isReady).toBe(true)
  expect(one.queue.asked).toEqual({ sites: ['ams', 'default'], limit: 2, unlimited: [':all'] })
  const id = await one.begin()
  await one.deliver(id)
  expect(one.log).toEqual([`${id}: driven\n`, 'nobody has approved this plan\n', `${id}: rests\n`])
  expect(one.processes.left).toEqual([id])
  expect((await one.app.store.read(id)).map(({ type }) => type)).toContain('TaskWaiting')
})

test.each([
  ['a signal', 'draining: asked by a signal\n', (one: OneWorker) => one.signal.abort()],
  ['a person', 'draining: asked for\n', (one: OneWorker) => one.processes.drains.abort()],
])(
  'a worker that %s asks to drain takes nothing more, and ends once what it has taken is done',
  async (_, said, ask) => {
    const one = await startWorker()
    expect(await one.app.claims.isClaimed('worker w1')).toBe(true)
    await one.pass(1_000)
    expect(one.queue.isDraining).toBe(false)
    ask(one)
    await one.pass(1_000)
    expect([one.queue.isDraining, one.end]).toEqual([true, undefined])
    one.signal.abort()
    one.processes.drains.abort()
    expect(await one.ended()).toBe('drained')
    expect(one.log).toEqual([said])
    expect(await one.app.claims.isClaimed('worker w1')).toBe(false)
    expect([one.processes.heard.size, one.lab.clock.sleeping]).toEqual([0, 0])
  },
)

test.each(['a signal', 'a person'])('one that %s has asked to drain before it began drains at once', async (by) => {
  const processes = new Processes()
  if (by === 'a person') processes.drains.abort()
  const one = await startWorker({ processes, isStopped: by === 'a signal' })
  expect(one.queue.isDraining).toBe(true)
  expect(await one.ended()).toBe('drained')
  expect(one.log).toHaveLength(1)
})

test('[P20] what is brought to a worker that drains is handed on to another one, unless it has ended', async () => {
  const one = await startWorker()
  const [open, ended] = [await one.begin(), await one.begin()]
  const { seq = 0 } = (await one.app.store.read(open)).at(-1) ?? {}
  await one.app
    .journalAs({ issuer: 'local', id: 'alice', auth: 'os' })
    .append(undefined, [{ type: 'StopRequested', stopped: ended, reason: 'enough' }])
  await one.deliver(ended)
  expect(one.log).toEqual([`${ended}: driven\n`, `${ended}: ended\n`])
  one.signal.abort()
  await one.deliver(open)
  await one.deliver(ended)
  expect(one.queue.posts).toEqual([`${open}@h${seq} for default`])
  expect(one.log.slice(2)).toEqual(['draining: asked by a signal\n'])
})

test('what a worker drives when it is to drain is brought to rest, and handed on', async () => {
  const one = await startWorker()
  const id = await one.begin()
  const { store } = one.app
  const read = store.read.bind(store)
  vi.spyOn(store, 'read').mockImplementationOnce((execution) => {
    one.signal.abort()
    return read(execution)
  })
  await one.deliver(id)
  const { seq = 0 } = (await read(id)).at(-1) ?? {}
  expect(one.queue.posts).toEqual([`${id}@h${seq} for default`])
  expect(one.processes.left).toEqual([id])
})

test('one that cannot be handed on is said, and looked at again', async () => {
  const one = await startWorker()
  const id = await one.begin()
  one.signal.abort()
  vi.spyOn(one.app.store, 'read').mockRejectedValueOnce(new Error('the store is away'))
  await one.deliver(id)
  expect(one.log).toContain(`! ${id}: the store is away\n`)
  await one.pass(6_000)
  expect(leftOnes(one)).toHaveLength(1)
})

test('one that the store has kept from being driven is said, given up, and looked at again soon; any other fault is not', async () => {
  const one = await startWorker()
  const id = await one.begin()
  const fails = async (error: unknown) => {
    vi.spyOn(one.app.store, 'read').mockRejectedValueOnce(error)
    await one.deliver(id)
  }
  await one.pass(30_000)
  one.queue.posts.length = 0
  await fails('no error')
  await one.pass(8_000)
  expect([one.log.at(-1), leftOnes(one)]).toEqual([`! ${id}: no error\n`, []])
  await fails(new EosflowError('store', 'the store is away', { hint: 'Wait.' }))
  expect(one.log.at(-1)).toBe(`! ${id}: the store is away (Wait.)\n`)
  expect(one.processes.left).toEqual([id, id])
  await one.pass(6_000)
  expect(leftOnes(one)).toHaveLength(1)
})

test('what cannot be posted is said, and looked at again soon', async () => {
  const one = await startWorker()
  await one.pass(27_000)
  const id = await one.begin()
  one.queue.fault = new Error('the queue is away')
  await one.pass(3_000)
  expect(one.log).toEqual([`! ${id}: the queue is away\n`])
  one.queue.fault = undefined
  await one.pass(4_000)
  expect(leftOnes(one)).toHaveLength(1)
})

test('an execution that cannot be read is said, looked at again, and keeps none of the others', async () => {
  const one = await startWorker()
  await one.pass(27_000)
  const [broken, other] = [await one.begin(), await one.begin()]
  const { store } = one.app
  const read = store.read.bind(store)
  const away = vi.spyOn(store, 'read').mockImplementation(async (id) => {
    if (id === broken) throw new Error('its chain is broken')
    return read(id)
  })
  await one.pass(3_000)
  expect(one.log).toEqual([`! ${broken}: its chain is broken\n`])
  expect(leftOnes(one).map(executionOf)).toEqual([other])
  away.mockRestore()
  await one.pass(4_000)
  expect(leftOnes(one).map(executionOf)).toEqual([other, broken])
})

test('a word about an execution has it looked at soon, a post has what waits looked at now', async () => {
  const one = await startWorker()
  const id = await one.begin()
  one.processes.heard.get('words')?.(id)
  await one.pass(4_000)
  expect(leftOnes(one).map(executionOf)).toEqual([id])
  one.processes.heard.get('posts')?.('ams')
  one.processes.heard.get('posts')?.(undefined)
  expect(one.queue.looked).toEqual(['ams', undefined])
})

test('a clock that is off by more than two seconds has the worker drain, whenever that begins', async () => {
  const one = await startWorker()
  one.processes.ahead = -2_000
  await one.pass(61_000)
  expect([one.processes.compared, one.queue.isDraining]).toEqual([3, false])
  one.processes.ahead = -2_001
  await one.pass(60_000)
  expect(one.queue.isDraining).toBe(true)
  expect(one.log).toEqual([`draining: this machine's clock is -2001 ms off that of the store\n`])
  const late = new Processes()
  late.ahead = 5_000
  expect((await startWorker({ processes: late })).queue.isDraining).toBe(true)
})

test('[P20] one that was declared dead ends at once, while it works and while it drains', async () => {
  const working = await startWorker()
  working.processes.dies.abort()
  await working.pass(250)
  expect([working.end, working.queue.isDraining]).toEqual(['dead', false])
  const draining = await startWorker()
  draining.signal.abort()
  await draining.pass(1_000)
  expect(draining.end).toBeUndefined()
  draining.processes.dies.abort()
  await draining.pass(250)
  expect([draining.end, draining.queue.isDraining]).toEqual(['dead', true])
})

test('[G110] somebody who is silent for ten seconds is dead: what it drove and what it had taken goes to others, and that is on record', async () => {
  const one = await startWorker()
  const [driven, taken] = [await one.begin(), await one.begin()]
  one.queue.taken = new Set([taken])
  await one.pass(30_000)
  one.queue.posts.length = 0
  one.processes.rows.push(rowOf('w2', [{ execution: driven, token: 7 }]), rowOf('w3', []))
  for (let second = 0; second < 14; second += 1) {
    const at = one.processes.rows.findIndex(({ id }) => id === 'w3')
    one.processes.rows[at] = rowOf('w3', [], { beat: String(second) })
    await one.pass(1_000)
  }
  expect([one.processes.reaped, one.queue.forgotten]).toEqual([['w2'], ['w2']])
  expect(one.log).toEqual(['w2: dead; it drove 1\n'])
  expect(one.queue.posts.filter((id) => id.startsWith(`${driven}@t7.`)).length).toBeGreaterThan(0)
  expect(leftOnes(one).map(executionOf)).toEqual([taken])
  expect(new Set(await deathsOn(one))).toEqual(new Set(['w2']))
})

test('what a dead one had taken is looked at by and by where the queue cannot be asked', async () => {
  const one = await startWorker()
  const taken = await one.begin()
  await one.pass(30_000)
  one.queue.posts.length = 0
  vi.spyOn(one.queue, 'forget').mockRejectedValueOnce(new Error('the queue is away'))
  one.processes.rows.push(rowOf('w2', []))
  await one.pass(14_000)
  expect(one.log).toContain('! dispatch: the queue is away\n')
  expect(leftOnes(one).map(executionOf)).toEqual([taken])
})

/** A death that is on no record, and a store whose appends are answered as the test says. */
async function unsaidDeath() {
  const one = await startWorker()
  const { store } = one.app
  const as = store.as.bind(store)
  const way: { append?: () => Promise<never>; tries: number } = { tries: 0 }
  vi.spyOn(store, 'as').mockImplementation((actor) => {
    const journal = as(actor)
    return {
      read: (id) => journal.read(id),
      append: async (...given) => {
        way.tries += 1
        return way.append?.() ?? journal.append(...given)
      },
    }
  })
  one.processes.rows.push(rowOf('w2', [], { dead: '2026-01-05T08:00:00.000Z', isOnRecord: false }))
  return { one, way }
}

test('a death that cannot be put on record is tried at each look and said once, and again where it went well between', async () => {
  const { one, way } = await unsaidDeath()
  const said = (why: string) => `! what has died is not on record yet: ${why}\n`
  way.append = () => Promise.reject(new Error('the store is away'))
  await one.pass(5_000)
  expect([one.log, way.tries, await deathsOn(one)]).toEqual([[said('the store is away')], 4, []])
  way.append = () => Promise.reject(new Error('the store is full'))
  await one.pass(2_500)
  expect(one.log.slice(1)).toEqual([said('the store is full')])
  delete way.append
  await one.pass(1_250)
  expect(await deathsOn(one)).toEqual(['w2'])
  way.append = () => Promise.reject(new Error('the store is full'))
  await one.pass(2_500)
  expect(one.log.slice(2)).toEqual([said('the store is full')])
})

test('a death is put on record by one look at a time', async () => {
  const { one, way } = await unsaidDeath()
  let fail: (error: Error) => void = () => undefined
  way.append = () =>
    new Promise((_, reject) => {
      fail = reject
    })
  await one.pass(10_000)
  expect(way.tries).toBe(1)
  delete way.append
  fail(new Error('the answer is lost'))
  await one.pass(1_500)
  expect([way.tries, await deathsOn(one)]).toEqual([2, ['w2']])
})

test('a server key that the servers do not have is said once, and again where it was theirs between', async () => {
  const note: { key?: string } = { key: 'SHA256:theirs' }
  const one = await startWorker({
    within: (app) => {
      const { settings } = app.project
      const project: App['project'] = Object.assign(Object.create(app.project), {
        settings: { ...settings, identity: {} },
      })
      const read = async () =>
        note.key === undefined ? undefined : { text: JSON.stringify({ version: 1, key: note.key }), now: 0, left: 1 }
      return { ...app, project, shared: {} as SharedStore, notes: partOf<App['notes']>({ read }) }
    },
  })
  const said = expect.stringMatching(
    /^! the servers of this store sign decisions with the server key SHA256:theirs, and this machine has none: .*\. Give this machine theirs\.\n$/,
  )
  await one.pass(61_000)
  expect(one.log).toEqual([said])
  delete note.key
  await one.pass(30_000)
  note.key = 'SHA256:theirs'
  await one.pass(30_000)
  expect(one.log).toEqual([said, said])
})

test('sites that are new are served once: the record of the worker says it before the queue does', async () => {
  const sites: string[] = ['default']
  const one = await startWorker({ sites: ['default', 'rtm'], newSites: async () => sites })
  await one.pass(5_000)
  expect([one.processes.served, one.queue.added]).toEqual([[], []])
  sites.push('ams', 'bru')
  const serve = vi.spyOn(one.processes, 'serve').mockRejectedValueOnce(new Error('the store is away'))
  await one.pass(5_000)
  expect([one.log, one.queue.added]).toEqual([['! sites: the store is away\n'], []])
  await one.pass(20_000)
  expect(serve.mock.calls.slice(1)).toEqual([[['ams', 'bru', 'default', 'rtm']]])
  expect(one.queue.added).toEqual([['ams', 'bru']])
  expect(one.log.slice(1)).toEqual(['drives ams, bru too\n'])
  one.signal.abort()
  sites.push('lhr')
  await one.pass(10_000)
  expect(one.queue.added).toHaveLength(1)
})

test('the queues are asked every half minute for what was lost on the way, and once a minute for what is done', async () => {
  const processes = new Processes()
  processes.rows.push(rowOf('w1', []))
  const one = await startWorker({ processes })
  await one.pass(120_000)
  expect([one.queue.lost, one.queue.done]).toEqual([5, [3600, 3600, 3600]])
})

test('a look that fails is said, and made again', async () => {
  const one = await startWorker()
  one.processes.fault = new EosflowError('store', 'the store is away')
  await one.pass(31_000)
  const said = new Set(one.log)
  expect(said).toEqual(new Set(['! reaper: the store is away\n', '! sweeper: the store is away\n']))
  one.processes.fault = undefined
  one.log.length = 0
  await one.pass(31_000)
  expect(one.log).toEqual([])
})

test('a worker that has drained ends behind the looks that it has begun: whoever closes the store takes none from them', async () => {
  const one = await startWorker()
  let answer: (rows: readonly WorkerRecord[]) => void = () => undefined
  vi.spyOn(one.processes, 'list').mockImplementation(
    () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  )
  await one.pass(1_250)
  one.signal.abort()
  await one.pass(1_000)
  one.queue.settle()
  await one.pass(1_000)
  expect([one.end, await one.app.claims.isClaimed('worker w1')]).toEqual([undefined, true])
  answer([])
  expect(await one.ended()).toBe('drained')
})
