import { describe, expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { freshDatabase, serverForTests } from '../../../postgres/store-for-test.ts'
import { asAlice, KEY, thrownBy } from '../sqlite/open-for-test.ts'

const servers = serverForTests()
const MINUTE = 60_000

describe("a store on PostgreSQL and the clock of who writes to it, held against the server's", () => {
  /** A store as a process has it whose clock somebody sets. */
  const opened = async (off: number) => {
    const set = { off, later: 0 }
    const clock = {
      ...systemClock,
      now: () => systemClock.now() + set.off,
      monotonic: () => systemClock.monotonic() + set.later,
    }
    const address = await freshDatabase(servers.server)
    const options = { address, installKey: KEY, quarantineSeconds: 10, isReplicated: false, clock }
    const { store, workers } = await openPostgresStore(options)
    onTestFinished(() => store.close())
    return { set, workers, store: asAlice(store) }
  }
  const record = { type: 'StateEntered', path: '', state: 'push' } as const

  test.each([
    [3_000, 'ahead of'],
    [-3_000, 'behind'],
  ])('%d ms off: nothing is written', async (off, words) => {
    const { store } = await opened(off)
    expect(await thrownBy(() => store.append('x1', [record]))).toMatchObject({
      kind: 'clock',
      message: expect.stringMatching(
        new RegExp(`^this machine's clock is (?:2\\.9|3\\.[01]) s ${words} that of the database: nothing was written$`),
      ),
    })
    expect(await store.read('x1')).toEqual([])
  })

  test.each([1_000, -1_000])('%d ms off: it is written', async (off) => {
    const { store } = await opened(off)
    await store.append('x1', [record])
    expect((await store.read('x1')).map(({ type }) => type)).toEqual(['StateEntered'])
  })

  test('a clock that is set while the store is open is found a minute later, and so is one that is right again', async () => {
    const { set, store, workers } = await opened(0)
    await store.append('x1', [record])
    set.off = 3_000
    set.later = MINUTE + 1
    expect(await thrownBy(() => store.append('x1', [record]))).toMatchObject({ kind: 'clock' })
    expect(Math.round((await workers.offset()) / 1000)).toBe(-3)
    set.off = 0
    set.later = 2 * MINUTE + 2
    await store.append('x1', [record])
    expect(await store.read('x1')).toHaveLength(2)
  })
})
