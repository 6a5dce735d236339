import { expect, test } from 'vitest'
import { type Activation, activationOf, type Dispatcher } from '../../../../src/project/app/dispatch/port/activation.ts'
import { soon } from '../../../lab/loopback.ts'

/** One dispatcher that workers work with, and a way to it for whoever only posts; they may be one and the same. */
export interface Opened {
  readonly worker: Dispatcher
  readonly client: Dispatcher
  /** The names of all who work. */
  readonly workers: ReadonlySet<string>
  close(): Promise<void>
}

const begun = (name: string, site = 'dc1') => activationOf(name, site, { why: 'begun' })

/** A drive that waits until it is let go. */
function held() {
  const came: string[] = []
  const going: (() => void)[] = []
  let most = 0
  return {
    came,
    get running() {
      return going.length
    },
    get most() {
      return most
    },
    letGo: () => {
      for (const go of going.splice(0)) go()
    },
    drive: ({ id }: Activation) =>
      new Promise<void>((resolve) => {
        came.push(id)
        going.push(resolve)
        most = Math.max(most, going.length)
      }),
  }
}

/** What every dispatcher must do. `open` gives one whose queues are empty; `looks` is the time in milliseconds in which it looks at them again. */
export function dispatcherContract(open: () => Promise<Opened>, looks = 600) {
  const opened = async (work: (given: Opened) => Promise<void>) => {
    const given = await open()
    try {
      await work(given)
    } finally {
      await given.close()
    }
  }

  test('delivers what was posted before somebody worked, and after', () =>
    opened(async ({ worker, client }) => {
      const came: string[] = []
      await worker.work(['dc1'], 4, async ({ id }) => void came.push(id))
      await client.post(begun('a'))
      await client.post(activationOf('a', 'dc1', { why: 'woken', wake: 7 }))
      await soon(() => came.length === 2)
      expect(came.toSorted()).toEqual(['a@0', 'a@w7'])
    }))

  test('has a limit for each site but those that are without one', () =>
    opened(async ({ worker, client }) => {
      const one = held()
      await worker.work(['dc1'], 1, one.drive, ['dc2'])
      for (const name of ['a', 'b']) await client.post(begun(name))
      for (const name of ['c', 'd', 'e']) await client.post(begun(name, 'dc2'))
      await soon(() => one.running === 4)
      expect(one.came.toSorted()).toEqual(['a@0', 'c@0', 'd@0', 'e@0'])
      one.letGo()
      await soon(() => one.came.length === 5)
      one.letGo()
    }))

  test('carries one id once, however often it is posted, also behind its delivery', () =>
    opened(async ({ worker, client }) => {
      const came: string[] = []
      await worker.work(['dc1'], 4, async ({ id }) => void came.push(id))
      await client.post(begun('a'))
      await client.post(begun('a'))
      await soon(() => came.length > 0)
      await client.post(begun('a'))
      await client.post(begun('b'))
      await soon(() => came.includes('b@0'))
      expect(came.toSorted()).toEqual(['a@0', 'b@0'])
    }))

  test('gives a worker what is for its sites alone', () =>
    opened(async ({ worker, client, workers }) => {
      const came: string[] = []
      await worker.work(['dc1', 'dc3'], 4, async ({ execution }) => void came.push(execution))
      await client.post(begun('a', 'dc2'))
      await client.post(begun('b', 'dc3'))
      await client.post(begun('c', 'dc1'))
      await soon(() => came.length === 2)
      expect(came.toSorted()).toEqual(['b', 'c'])
      await soon(async () => (await client.posted(60, workers)).size === 1)
      expect([...(await client.posted(60, workers))]).toEqual(['a'])
    }))

  test('gives a worker what is for a site that it has taken on while it works, within its limit', () =>
    opened(async ({ worker, client }) => {
      const one = held()
      const working = await worker.work(['dc1'], 1, one.drive)
      for (const name of ['a', 'b']) await client.post(begun(name, 'dc2'))
      await new Promise((resolve) => setTimeout(resolve, looks))
      expect(one.came).toEqual([])
      working.add(['dc2'])
      await soon(() => one.running === 1)
      await new Promise((resolve) => setTimeout(resolve, looks))
      expect(one.came).toHaveLength(1)
      one.letGo()
      await soon(() => one.came.length === 2)
      expect(one.came.toSorted()).toEqual(['a@0', 'b@0'])
      one.letGo()
    }))

  test('says whether one waits for a worker of its site, as long as nobody has taken it, however long that is', () =>
    opened(async ({ worker, client }) => {
      const one = held()
      await client.post(begun('a'))
      await client.post(begun('ab', 'dc2'))
      expect([await client.waits('a', 'dc1'), await client.waits('a', 'dc2')]).toEqual([true, false])
      expect([await client.waits('ab', 'dc2'), await client.waits('b', 'dc2')]).toEqual([true, false])
      await worker.work(['dc1'], 1, one.drive)
      await soon(() => one.running === 1)
      expect([await client.waits('a', 'dc1'), await client.waits('ab', 'dc2')]).toEqual([false, true])
      await client.post(activationOf('a', 'dc1', { why: 'woken', wake: 7 }))
      expect(await client.waits('a', 'dc1')).toBe(true)
      one.letGo()
      await soon(() => one.came.length === 2)
      one.letGo()
      expect(await client.waits('a', 'dc1')).toBe(false)
    }))

  test('keeps the limit of a site, and goes on when there is room', () =>
    opened(async ({ worker, client }) => {
      const one = held()
      const working = await worker.work(['dc1'], 2, one.drive)
      for (const name of ['a', 'b', 'c', 'd', 'e']) await client.post(begun(name))
      await soon(() => one.running === 2)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(one.came.length).toBe(2)
      expect(working.driven.length).toBe(2)
      while (one.came.length < 5) {
        one.letGo()
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      one.letGo()
      expect(one.most).toBe(2)
      expect(one.came.toSorted()).toEqual(['a@0', 'b@0', 'c@0', 'd@0', 'e@0'])
    }))

  test('goes on where a drive throws', () =>
    opened(async ({ worker, client }) => {
      const came: string[] = []
      await worker.work(['dc1'], 1, async ({ execution }) => {
        came.push(execution)
        throw new Error('the switch is on fire')
      })
      await client.post(begun('a'))
      await client.post(begun('b'))
      await soon(() => came.length === 2)
      expect(came.toSorted()).toEqual(['a', 'b'])
    }))

  test('drains: takes nothing more, and waits for what was taken', () =>
    opened(async ({ worker, client, workers }) => {
      const one = held()
      const working = await worker.work(['dc1'], 1, one.drive)
      await client.post(begun('a'))
      await soon(() => one.running === 1)
      await client.post(begun('b'))
      let isDrained = false
      const draining = working.drain().then(() => {
        isDrained = true
      })
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(isDrained).toBe(false)
      one.letGo()
      await draining
      expect(one.came).toEqual(['a@0'])
      expect([...(await client.posted(60, workers))]).toContain('b')
    }))

  test('knows what waits or is driven, and forgets what is done', () =>
    opened(async ({ worker, client, workers }) => {
      const one = held()
      await worker.work(['dc1'], 1, one.drive)
      await client.post(begun('a'))
      await soon(() => one.running === 1)
      await client.post(begun('b'))
      expect([...(await client.posted(60, workers))].toSorted()).toEqual(['a', 'b'])
      one.letGo()
      await soon(() => one.came.length === 2)
      one.letGo()
      await soon(async () => (await client.posted(60, workers)).size === 0)
      expect(one.came).toEqual(['a@0', 'b@0'])
    }))
}
