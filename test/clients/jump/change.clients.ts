import { describe, expect, onTestFinished, test } from 'vitest'
import { exits, isSaved, whereIs, workflowFor } from '../../lab/lab.ts'
import { benchBehind, hasSshd, startSshd, withoutSshd } from './sshd.ts'

describe.skipIf(!hasSshd)(`a change over two servers of OpenSSH${withoutSshd}`, () => {
  test.each(['eapi', 'ssh'] as const)(
    'over %s goes its whole way; where the second one is dead it is 10, and names it',
    async (over) => {
      const [bastion, core] = [await hop('bastion'), await hop('core')]
      const bench = await benchBehind({ hops: [bastion, core], over, workflow: workflowFor('leaf1') })
      const leaf1 = bench.device('leaf1')
      const change = () => bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml')
      await core.kill()
      const dead = await exits(10, change())
      expect(dead.out).toMatch(/leaf1: jump host core: the jump host bastion does not reach/)
      expect(leaf1.counters().requests).toBe(0)
      await core.revive()
      await exits(0, change())
      expect([whereIs(leaf1), isSaved(leaf1)]).toEqual(['AFTER', true])
      expect(leaf1.counters().commits).toEqual({ plain: 0, timed: 1, confirms: 1 })
      // Nobody's agent went along, and no shell was asked for.
      expect(bastion.log() + core.log()).not.toMatch(/auth-agent|Starting session/)
      expect(bastion.log()).toMatch(/Accepted publickey/)
    },
  )
})

describe.skipIf(!hasSshd)(`a jump host of OpenSSH that leads no further${withoutSshd}`, () => {
  test('is named, with the setting that forbids it, and what its banner draws is not drawn', async () => {
    const bastion = await hop('bastion', ['AllowTcpForwarding no', 'Banner BANNER'])
    const bench = await benchBehind({ hops: [bastion], over: 'eapi', workflow: workflowFor('leaf1') })
    for (const argv of [['doctor'], ['plan', 'workflow.yaml']]) {
      const { code, out, err } = await bench.eosflow(...argv)
      const said = out + err
      expect(code, said).not.toBe(0)
      expect(said).toMatch(/leaf1: the jump host bastion does not reach 127\.0\.0\.1 port \d+: /)
      expect(said).toContain('AllowTcpForwarding')
      for (const drawn of ['\u001b', 'owned by']) expect(said).not.toContain(drawn)
    }
    expect(bench.device('leaf1').counters().connections).toBe(0)
  })

  test('is refused when its host key is another one than at the plan, before anybody logs in there', async () => {
    const [bastion, core] = [await hop('bastion'), await hop('core')]
    const bench = await benchBehind({ hops: [bastion, core], over: 'ssh', workflow: workflowFor('leaf1') })
    const leaf1 = bench.device('leaf1')
    await bench.ok('plan workflow.yaml -o change.plan')
    await exits(0, bench.eosflowWith({ answers: ['yes'] }, 'approve change.plan'))
    const { requests } = leaf1.counters()
    const logins = core.log().split('Accepted publickey').length
    await core.kill()
    await core.revive('another host key')
    const { out, err } = await bench.exits(10, 'run change.plan')
    expect(out + err).toMatch(/jump host core: the host key SHA256:\S+ is not the one that the inventory names/)
    expect([leaf1.counters().requests, whereIs(leaf1)]).toEqual([requests, 'BEFORE'])
    expect(core.log().split('Accepted publickey')).toHaveLength(logins)
  })
})

async function hop(name: string, lines: readonly string[] = []) {
  const sshd = await startSshd(name, '127.0.0.1', lines)
  onTestFinished(() => sshd.remove())
  return sshd
}
