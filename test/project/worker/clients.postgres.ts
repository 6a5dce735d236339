import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { listenInTest } from '../../lab/loopback.ts'
import { startTeam } from './team.ts'

/** Where every way to a switch leads for a client: whoever comes is counted and turned away. */
async function nowhere() {
  let came = 0
  const server = createServer((socket) => {
    came += 1
    socket.resetAndDestroy()
  })
  return { port: await listenInTest(server), came: () => came }
}

test('a command line that reaches no switch does its part, and asks none', {
  tags: 'night',
  timeout: 240_000,
}, async () => {
  const team = await startTeam(2)
  onTestFinished(() => team.close())
  await team.worker()
  const { port, came } = await nowhere()
  const before = process.env.EOSFLOW_TEST_WAYS
  onTestFinished(() => {
    if (before === undefined) delete process.env.EOSFLOW_TEST_WAYS
    else process.env.EOSFLOW_TEST_WAYS = before
  })
  process.env.EOSFLOW_TEST_WAYS = JSON.stringify(
    Object.fromEntries(Object.values(team.fabric.ports).map((one) => [one, port])),
  )
  const change = ['vlan.yaml', '-p', 'vlan=310'] as const
  const ends: string[] = []
  const ask = async (code: number, ...argv: readonly string[]) => {
    const ended = await team.eosflow(...argv)
    ends.push(`${argv[0]} ${ended.code === code ? code : `${ended.code}: ${ended.out}${ended.err}`}`)
    return ended.out
  }
  expect(await ask(0, 'plan', ...change)).toContain('vlan 310')
  await ask(2, 'plan', ...change, '--detailed-exitcode')
  await ask(12, 'run', ...change, '--detach')
  await ask(0, 'approve', '@latest')
  await ask(0, 'watch', '@latest')
  await ask(12, 'rollback', '@latest', '--detach')
  await ask(0, 'reject', '@latest')
  await ask(12, 'run', 'vlan.yaml', '-p', 'vlan=311', '--detach')
  await ask(0, 'suspend', '@latest')
  await ask(12, 'resume', '@latest', '--detach')
  await ask(0, 'stop', '@latest')
  expect(ends).toEqual(
    'plan 0,plan 2,run 12,approve 0,watch 0,rollback 12,reject 0,run 12,suspend 0,resume 12,stop 0'.split(','),
  )
  expect(came()).toBe(0)
})

test('[W6] a command that only watches waits while the database restarts, twice, and is no death', async () => {
  const team = await startTeam(2)
  onTestFinished(() => team.close())
  // Nobody drives it yet: the command watches until a worker is there, and ends where the plan waits for an approval.
  const running = team.eosflow('run vlan.yaml -p vlan=320')
  const many = async (text: string) => (await team.database.ask(text))[0]?.many
  while ((await many('SELECT count(*) AS many FROM eosflow.execution WHERE worker IS NULL')) !== 1)
    await new Promise((resolve) => setTimeout(resolve, 200))
  // Who only watches has no row that somebody could declare dead.
  const CLIENTS = "SELECT count(*) AS many FROM eosflow.worker WHERE kind = 'client'"
  await expect.poll(() => many(CLIENTS)).toBe(0)
  await team.database.restart(2_000)
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  await team.database.restart(6_000)
  await team.worker()
  const { code, out, err } = await running
  expect(`${code} ${out}${err}`).toMatch(/^12 /)
  const deaths = `SELECT count(*) AS many FROM eosflow.register WHERE type = 'WorkerDied' AND body LIKE '%"kind":"client"%'`
  expect(await many(deaths)).toBe(0)
}, 240_000)
