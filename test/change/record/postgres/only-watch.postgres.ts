import { expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { freshDatabase, serverForTests } from '../../../postgres/store-for-test.ts'
import { ALICE } from '../one-of-each-event.ts'
import { KEY } from '../sqlite/open-for-test.ts'

const servers = serverForTests()

/** A command, which gives a sign of life every so many milliseconds. */
async function command(beat: number) {
  const opened = await openPostgresStore({
    address: await freshDatabase(servers.server),
    installKey: KEY,
    isReplicated: false,
    isClockHeld: false,
    clock: systemClock,
    worker: { kind: 'client', name: 'alice', version: '0.1.0', ttl: 60_000, beat },
  })
  onTestFinished(() => opened.store.close())
  const write = async () => {
    await opened.store
      .as(ALICE)
      .append(undefined, [
        { type: 'SnapshotTaken', name: 'x', snapshot: 'blob:04', devices: [], baseline: [], notices: [] },
      ])
  }
  const rows = async () => (await opened.workers.list()).length
  return { ...opened, write, rows }
}

test('[W6] a command that only watches again and again is not taken for dead: what it writes meanwhile is written', async () => {
  const { store, workers, claims, write, rows } = await command(3_600_000)
  const before = (await store.head()).seq
  for (let round = 0; round < 100; round += 1) {
    await Promise.all([write(), workers.onlyWatch(), claims.isClaimed('x'), workers.onlyWatch(), write()])
  }
  expect((await store.head()).seq - before).toBe(200)
  expect(workers.lost.aborted).toBe(false)
  await workers.onlyWatch()
  expect(await rows()).toBe(0)
})

test('[W6] a sign of life that is on its way when a command only watches is no death', async () => {
  const { workers, write, rows } = await command(1)
  for (let round = 0; round < 200; round += 1) {
    await write()
    expect(await rows()).toBe(1)
    await workers.onlyWatch()
    expect(await rows()).toBe(0)
  }
  expect(workers.lost.aborted).toBe(false)
})

test('[W6] what a command has keeps its row, and its signs of life go on', async () => {
  const { workers, claims, rows } = await command(20)
  const claim = await claims.claim('serving')
  await workers.onlyWatch()
  const beatOf = async () => (await workers.list())[0]?.beat
  const before = await beatOf()
  expect(before).toMatch(/^\d{4}-/)
  await expect.poll(beatOf).not.toBe(before)
  await claim.release()
  await workers.onlyWatch()
  expect(await rows()).toBe(0)
  expect(await claim.renew()).toBe(true)
  expect(await claims.isClaimed('serving')).toBe(true)
})
