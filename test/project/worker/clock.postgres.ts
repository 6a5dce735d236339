import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BUILT, soon } from '../../lab/lab.ts'
import { startTeam, type Team } from './team.ts'

const CLOCK = fileURLToPath(new URL('./clock.mjs', import.meta.url))
/** What a worker says whose clock is so many seconds off: 2,9 to 3,1 of them on a machine that is busy. */
const DRAINS = /draining: this machine's clock is (-?\d+) ms off that of the store/

describe('processes whose clock is not that of the database', () => {
  let team: Team
  beforeAll(async () => {
    team = await startTeam(6)
  }, 120_000)
  afterAll(() => team?.close())

  const device = (place: number) => Object.keys(team.fabric.ports)[place] ?? ''
  const records = (id: string) => team.app.store.read(id)
  const types = async (id: string) => (await records(id)).map(({ type }) => type)
  const ended = async (id: string) => {
    await soon(async () => (await types(id)).at(-1) === 'ExecutionEnded', 60_000)
    return (await records(id)).at(-1)
  }
  /** Runs a command whose clock is so many milliseconds off. */
  const eosflowOff = (off: number, ...argv: readonly string[]) =>
    new Promise<{ code: unknown; out: string }>((resolve) => {
      const env = { ...process.env, NO_COLOR: '1', EOSFLOW_TEST_CLOCK_OFF: String(off) }
      const command = ['--import', CLOCK, BUILT, ...argv]
      execFile(process.execPath, command, { cwd: team.dir, env }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, out: stdout + stderr }),
      )
    })

  test.each([
    [3_000, -3_000],
    [-3_000, 3_000],
  ])(
    'a worker that is %d ms off drains and ends, and drives nothing',
    {
      tags: 'turn',
      timeout: 60_000,
    },
    async (first, offset) => {
      const id = await team.begin(device(first > 0 ? 4 : 5), first > 0 ? 301 : 306)
      const worker = await team.worker({ clockOff: { first } })
      expect(await worker.ended).toBe(0)
      expect(Math.abs(Number(DRAINS.exec(worker.said())?.[1]) - offset), worker.said()).toBeLessThan(500)
      expect(await types(id)).toEqual(['ExecutionStarted'])
    },
  )

  test('one whose clock is set 3 s ahead while it drives drains, and another one goes on', {
    tags: 'turn',
    timeout: 120_000,
  }, async () => {
    const worker = await team.worker({ clockOff: { first: 0, later: 3_000 } })
    const id = await team.begin(device(2), 304)
    await soon(async () => (await types(id)).includes('TaskWaiting'), 60_000)
    await team.approve(id)
    await soon(async () => (await team.fabric.truth()).switches[device(2)]?.isArmed === true, 60_000)
    worker.process.kill('SIGUSR2')
    const other = await team.worker()
    expect(await worker.ended).toBe(0)
    expect(worker.said()).toMatch(DRAINS)
    expect(await ended(id)).toMatchObject({ outcome: 'succeeded', actor: other.name })
    const { running = '' } = (await team.fabric.truth()).switches[device(2)] ?? {}
    expect(running).toContain('vlan 304')
    other.process.kill('SIGTERM')
    expect(await other.ended).toBe(0)
  })

  test.each([
    [3_000, 'ahead of'],
    [-3_000, 'behind'],
  ])(
    'a command that is %d ms off writes nothing',
    {
      tags: 'turn',
      timeout: 60_000,
    },
    async (off, words) => {
      const before = (await team.app.store.verifyChain()).seq
      const run = ['run', 'vlan.yaml', '-p', 'vlan=305', '-t', device(3)]
      const { code, out } = await eosflowOff(off, ...run)
      expect(out).toMatch(new RegExp(`this machine's clock is (?:2\\.[5-9]|3\\.[0-5]) s ${words} that of the database`))
      expect(code).not.toBe(0)
      expect((await team.app.store.verifyChain()).seq).toBe(before)
      const checked = await eosflowOff(off, 'store', 'check')
      expect([
        checked.code,
        /its clock differs from this machine's by (?:2\.[5-9]|3\.[0-5]) s/.test(checked.out),
      ]).toEqual([1, true])
    },
  )

  test('a command that is 1 s off does what it was asked for', async () => {
    const { code, out } = await eosflowOff(1_000, 'store', 'check')
    expect([code, /its clock differs from this machine's by \d+ ms/.test(out)], out).toEqual([0, true])
  }, 60_000)
})
