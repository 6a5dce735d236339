import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { soon } from '../../lab/loopback.ts'
import { release, version } from '../../lab/package.ts'
import { pause, startTeam, type Team } from './team.ts'

describe('[G41] workers of two releases', () => {
  let team: Team
  beforeAll(async () => {
    team = await startTeam(2)
  }, 120_000)
  afterAll(() => team?.close())

  const types = async (id: string) => (await team.app.store.read(id)).map(({ type }) => type)
  const waits = (id: string) => soon(async () => (await types(id)).includes('TaskWaiting'), 60_000)
  const end = async (id: string) => {
    await soon(async () => (await types(id)).at(-1) === 'ExecutionEnded', 60_000)
    const last = (await team.app.store.read(id)).at(-1)
    return last?.type === 'ExecutionEnded' ? [last.outcome, last.error?.message] : []
  }

  test('an approval that is given to an execution of the old release is good for a worker of a patch release', {
    timeout: 120_000,
  }, async () => {
    const [device = ''] = Object.keys(team.fabric.ports)
    const old = await team.worker({ command: release(...version('0.0.9')) })
    const id = await team.begin(device, 201)
    await waits(id)
    const patched = await team.worker({ command: release(...version('0.1.1')) })
    const { out } = await team.eosflow('workers --json')
    expect([out.includes('"0.0.9"'), out.includes('"0.1.1"')]).toEqual([true, true])
    old.process.kill('SIGTERM')
    expect(await old.ended).toBe(0)
    await team.approve(id)
    expect(await end(id)).toEqual(['succeeded', undefined])
    const confirmed = (await team.app.store.read(id)).find((one) => one.type === 'ActFinished' && one.act === 'confirm')
    expect(confirmed?.actor).toBe(patched.name)
    patched.process.kill('SIGTERM')
    expect(await patched.ended).toBe(0)
  })

  test('a worker that does not know the interpreter of an execution leaves it, says so, and lives on', {
    tags: 'night',
    timeout: 120_000,
  }, async () => {
    const [, device = ''] = Object.keys(team.fabric.ports)
    const literals = 'interpreter: z.literal(2)'
    const old = await team.worker({
      command: release(
        ['change/record/event/execution-event.js', literals, 'interpreter: z.literal(1)'],
        ['project/app/dispatch/open-dispatcher.js', "VERSION = 'i2'", "VERSION = 'i1'"],
      ),
    })
    const id = await team.begin(device, 202)
    await pause(8_000)
    expect(await types(id)).toEqual(['ExecutionStarted'])
    expect(old.said()).toContain(
      `${id}: a newer version of eosflow has written ExecutionStarted with a value at interpreter that this one does not know, or it is malformed (Update eosflow on this machine. Where it is a worker, start one of the new version and drain this one.)`,
    )
    const present = await team.worker()
    await waits(id)
    await team.approve(id)
    expect(await end(id)).toEqual(['succeeded', undefined])
    const actors = new Set(
      (await team.app.store.read(id)).flatMap(({ actor }) => (/^worker:/.test(actor) ? [actor] : [])),
    )
    expect([actors, old.process.exitCode]).toEqual([new Set([present.name]), null])
  })
})
