import { afterEach, beforeEach, expect, test } from 'vitest'
import { soon } from '../../lab/loopback.ts'
import { pause, startTeam, type Team } from './team.ts'

let team: Team
beforeEach(async () => {
  team = await startTeam(3)
})
afterEach(() => team.close())

/** A change of one switch that the workers plan and that is approved then: its id. */
async function approvedChange(device: string, vlan: number) {
  const asked = await team.eosflow('run vlan.yaml -t', device, '-p', `vlan=${vlan}`, '--detach')
  if (asked.code !== 12) throw new Error(`exit ${asked.code}: ${asked.out}${asked.err}`)
  const [newest] = await team.app.store.executions({ limit: 1 })
  const id = newest?.id ?? ''
  const events = () => team.app.store.read(id)
  await soon(async () => (await events()).some(({ type }) => type === 'TaskWaiting'))
  const plan = (await events()).find(({ type }) => type === 'PlanMade')
  const digest = plan?.type === 'PlanMade' ? plan.digest : ''
  expect(await team.eosflow(`approve ${id} --digest ${digest}`)).toMatchObject({ code: 0 })
  return id
}

async function outcomeOf(id: string) {
  const last = (await team.app.store.read(id)).at(-1)
  return last?.type === 'ExecutionEnded' ? last.outcome : undefined
}

const hasBegun = async (id: string, act: string) =>
  (await team.app.store.read(id)).some((event) => event.type === 'ActFinished' && event.act === act)

test('a database that was put back is found: nothing leads on until the switches were looked at and the loss is accepted', {
  tags: 'night',
  timeout: 240_000,
}, async () => {
  const [one = '', two = ''] = Object.keys(team.fabric.ports)
  const worker = await team.worker()
  const first = await approvedChange(one, 100)
  await soon(async () => (await outcomeOf(first)) === 'succeeded')
  const restore = await team.database.primary.backUp()
  const second = await approvedChange(two, 200)
  await soon(async () => (await outcomeOf(second)) === 'succeeded')
  await restore()

  // Whoever asks next is refused: this machine remembers what it was told.
  const refused = await team.eosflow('run vlan.yaml -t', one, '-p', 'vlan=300', '--detach')
  expect(refused.code, refused.err).toBe(10)
  expect(refused.err).toContain('the store lacks records that it has acknowledged')
  const listed = await team.eosflow('executions')
  expect(listed).toMatchObject({ code: 0, err: expect.stringContaining('First: eosflow recover --scan') })
  expect(listed.out).not.toContain(second.slice(-8))
  const audit = await team.eosflow('audit list --code EF911E')
  expect(audit.out).toContain('lacks records that it has acknowledged')

  const blind = await team.eosflow('store accept-loss --reason', 'the disk broke')
  expect(blind, blind.err).toMatchObject({
    code: 10,
    err: expect.stringContaining('nobody has looked at the switches'),
  })
  const scan = await team.eosflow('recover --scan')
  expect(scan.code, scan.err).toBe(0)
  const [, code = ''] = /accept-loss --scanned ([0-9a-f]{8})/.exec(scan.out) ?? []
  const accept = ['store', 'accept-loss', '--scanned', code, '--reason', 'the disk broke']
  expect(await team.eosflow(...accept)).toMatchObject({
    code: 9,
    err: expect.stringContaining('other processes have the store open'),
  })
  worker.process.kill('SIGTERM')
  await worker.ended
  await soon(async () => (await team.eosflow('workers')).out.includes('alive') === false)
  const wrong = await team.eosflow('store accept-loss --scanned 00000000 --reason', 'the disk broke')
  expect(wrong).toMatchObject({ code: 10, err: expect.stringContaining('more is missing by now') })
  const accepted = await team.eosflow(...accept)
  expect(accepted, accepted.err).toMatchObject({ code: 0, out: expect.stringMatching(/^Accepted: up to position/) })

  const again = await team.worker()
  const third = await approvedChange(one, 300)
  await soon(async () => (await outcomeOf(third)) === 'succeeded')
  expect((await team.eosflow('executions')).err).toBe('')
  const verified = await team.eosflow('audit verify')
  expect(verified.code, verified.out + verified.err).toBe(0)
  again.process.kill('SIGTERM')
  expect(await again.ended).toBe(0)
})

test('a worker in the middle of a change that the database has forgotten sends nothing more', {
  tags: 'night',
  timeout: 240_000,
}, async () => {
  const [one = ''] = Object.keys(team.fabric.ports)
  const worker = await team.worker()
  const restore = await team.database.primary.backUp()
  const id = await approvedChange(one, 400)
  await soon(() => hasBegun(id, 'arm'))
  const before = (await team.fabric.truth()).writes.length
  await restore()
  await pause(15_000)
  const writes = (await team.fabric.truth()).writes.slice(before)
  expect(writes).toEqual([])
  expect(worker.said()).toMatch(/lacks records|did not answer for too long|was declared dead/)
  const scan = await team.eosflow('recover --scan')
  expect(scan.code, scan.out + scan.err).toBe(7)
  expect(scan.out).toContain('under its timer')
  expect(scan.out).toMatch(/Scanned: [0-9a-f]{8}/)
  const other = await team.worker()
  await pause(3_000)
  expect((await team.fabric.truth()).writes.slice(before)).toEqual([])
  for (const each of [worker, other]) each.process.kill('SIGKILL')
})
