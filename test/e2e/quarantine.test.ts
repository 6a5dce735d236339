import { describe, expect, test } from 'vitest'
import { openLeaves, startChange } from '../doors/cli/running.ts'
import { exits, runningConfig, type SocketLab } from '../lab/lab.ts'
import { ADD_VLAN, PROJECT_FILES } from './two-leaves.ts'

const SOME_SECONDS = {
  ...PROJECT_FILES,
  files: {
    ...PROJECT_FILES.files,
    'workflows/add-vlan.yaml': ADD_VLAN.replace('within: 2s', 'within: 20s').replace('stableFor: 0s', 'stableFor: 2s'),
  },
}

const idOfNewest = async (bench: SocketLab) =>
  (JSON.parse((await bench.eosflow('show @latest --json')).out) as { id: string }).id

describe('a switch whose process was killed in the middle of a change', () => {
  test('[G138] the same command goes on at once; another change of that switch waits and says until when, and a release ends that', {
    tags: 'night',
  }, async () => {
    const bench = await openLeaves(1, SOME_SECONDS)
    await bench.ok('plan workflows/add-vlan.yaml -p vlan=130 -o other.plan')
    await bench.exits(12, 'run workflows/add-vlan.yaml -p vlan=140 --detach')
    const waiting = await idOfNewest(bench)
    const running = await startChange(bench)
    await running.said(/leaf1: committed under its timer/)
    running.kill('SIGKILL')
    await running.ended

    const resumed = await bench.eosflow('resume @latest')
    const before = (await bench.eosflow('executions')).out
    const interrupted = bench.start('resume', waiting)
    const unbegun = bench.start('run', 'workflows/add-vlan.yaml', '-p', 'vlan=150', '--detach')
    const next = bench.start('run', 'workflows/add-vlan.yaml', '-p', 'vlan=130', '--detach')
    await next.said(/waiting: the process of an execution was killed, .*: leaf1 until 20\S+Z \(/)
    await interrupted.said(/waiting: the process/)
    interrupted.kill('SIGTERM')
    await unbegun.said(/waiting: the process/)
    unbegun.kill('SIGINT')
    // A release that comes before the interrupt lets it begin.
    await Promise.all([interrupted.ended, unbegun.ended])
    const released = await bench.eosflow('release-device leaf1 --reason', 'nothing is on its way')

    expect(resumed.code).toBe(0)
    expect(resumed.err).not.toContain('waiting')
    expect(runningConfig(bench.device('leaf1'))).toContain('vlan 120')
    // Who ends the waiting has begun nothing, and ended nothing.
    await exits(9, interrupted.ended)
    expect((await interrupted.ended).err).toMatch(
      /leaf1 is kept from other changes until 20\S+Z because of .*: nothing was begun/,
    )
    await exits(9, unbegun.ended)
    expect((await bench.eosflow('show', waiting)).out).toContain('waits for an approval')
    expect(released.code).toBe(0)
    expect(released.out).toMatch(/leaf1 is released: it was kept from other changes until 20\S+Z because of /)
    await exits(12, next.ended)
    const count = (listed: string) => Number(/^(\d+) executions$/m.exec(listed)?.[1])
    expect(count((await bench.eosflow('executions')).out)).toBe(count(before) + 1)
    const records = (await bench.eosflow('audit list --code EF415')).out
    expect(records).toMatch(/leaf1.*its quarantine, because of \S+, is ended: nothing is on its way/)
    expect((await bench.eosflow('release-device leaf1 --reason again')).out).toContain('nothing to release')
    await bench.exits(3, 'release-device leaf1')
    await bench.exits(3, 'release-device leaf9 --reason x')
  })
})
