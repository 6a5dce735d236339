import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { percentile, storm } from './storm.ts'
import { pause, startTeam, type Team, TTL } from './team.ts'

describe('workers as processes', () => {
  let team: Team
  beforeAll(async () => {
    team = await startTeam(48)
  })
  afterAll(() => team.close())

  const outcomeOf = async (id: string): Promise<string | undefined> => {
    const last = (await team.app.store.read(id)).at(-1)
    return last?.type === 'ExecutionEnded' ? last.outcome : undefined
  }
  const until = async (holds: () => Promise<boolean>, within: number): Promise<void> => {
    for (const end = performance.now() + within; !(await holds()); await pause(100)) {
      if (performance.now() > end) throw new Error('it did not come to hold')
    }
  }

  test('a thawed worker sends nothing more, and ends: others have ended what it drove', async () => {
    const random = new SeededRandom(7)
    const [device = ''] = Object.keys(team.fabric.ports)
    for (let vlan = 3000; vlan < 3003; vlan += 1) {
      const frozen = await team.worker()
      const id = await team.begin(device, vlan)
      await until(async () => (await team.app.store.read(id)).some(({ type }) => type === 'TaskWaiting'), 20_000)
      await team.approve(id)
      await until(async () => (await team.app.store.read(id)).some(({ type }) => type === 'ActIntended'), 20_000)
      await pause(Math.floor(random.fraction() * 2500))
      frozen.process.kill('SIGSTOP')
      const other = await team.worker()
      await until(async () => (await outcomeOf(id)) !== undefined, 60_000)
      await pause(TTL)
      const before = (await team.fabric.truth()).writes.length
      frozen.process.kill('SIGCONT')
      const [code] = await Promise.all([Promise.race([frozen.ended, pause(40_000)]), pause(2000)])
      expect(code, frozen.said()).toBe(9)
      expect((await team.fabric.truth()).writes.slice(before)).toEqual([])
      other.process.kill('SIGTERM')
      expect(await other.ended).toBe(0)
    }
  }, 300_000)

  test('killed and frozen, they end every change as the record says', async () => {
    const executions = Number(process.env.EOSFLOW_STORM ?? 30)
    const seed = Number(process.env.EOSFLOW_SEED ?? 1)
    const said: string[] = []
    const end = await storm(team, {
      executions,
      workers: 3,
      atOnce: 15,
      seed,
      faultEvery: 4000,
      say: (line) => void said.push(line),
    })
    const { outcomes, faults, failovers, takeovers, seconds } = end
    process.stdout.write(
      `storm of ${executions}, seed ${seed}, ${seconds.toFixed(0)} s: ${JSON.stringify({ outcomes, faults, takeovers })}; ` +
        `nobody drove for p50 ${percentile(failovers, 0.5)}, p99 ${percentile(failovers, 0.99)} ms of ${failovers.length}\n`,
    )
    expect([end.untrue, end.unsettled, end.armed]).toEqual([[], [], []])
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(executions)
    expect(outcomes.succeeded).toBeGreaterThan(executions / 2)
    expect(Math.max(0, ...failovers)).toBeLessThan(TTL + 35_000)
  }, 240_000)
})
