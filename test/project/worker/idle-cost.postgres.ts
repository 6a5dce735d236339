import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pause, startTeam, type Team } from './team.ts'

const SECONDS = 12

let team: Team
beforeAll(async () => {
  team = await startTeam(1)
  const settings = join(team.dir, 'eosflow.yaml')
  writeFileSync(settings, readFileSync(settings, 'utf8').replace(/ttl: .*?, beat: .*?,/, 'ttl: 3s, beat: 1s,'))
}, 120_000)
afterAll(() => team?.close())

/** How many transactions the database of the store has made, and how many sessions a worker has there now. */
async function counted(worker: string) {
  const [row] = await team.database.ask(
    `SELECT (xact_commit + xact_rollback)::int AS transactions,
        (SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'eosflow:${worker}') AS sessions
      FROM pg_stat_database WHERE datname = 'postgres'`,
  )
  return { transactions: Number(row?.transactions), sessions: Number(row?.sessions) }
}

test('[W4] a worker that has nothing to do makes fewer than ten transactions a second, over at most seven sessions', {
  tags: 'night',
  timeout: 120_000,
}, async () => {
  const worker = await team.worker()
  // What it asks once, when it begins, is over; the sessions that this took are closed where they are not needed.
  await pause(15_000)
  const before = await counted(worker.id)
  await pause(SECONDS * 1000)
  const after = await counted(worker.id)
  const perSecond = (after.transactions - before.transactions) / SECONDS
  // Its signs of life alone are one, and its looks at the others nearly three.
  expect(perSecond).toBeGreaterThan(3)
  expect(perSecond).toBeLessThan(10)
  expect(after.sessions).toBeGreaterThan(1)
  expect(after.sessions).toBeLessThanOrEqual(7)
  const status = readFileSync(`/proc/${worker.process.pid}/status`, 'utf8')
  expect(Number(/VmRSS:\s*(\d+) kB/.exec(status)?.[1]) / 1024).toBeLessThan(150)
  expect(worker.said()).not.toContain('!')
})
