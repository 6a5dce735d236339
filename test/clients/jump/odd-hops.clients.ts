import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { everyNthOfLong, extentOfLong } from '../../extent.ts'
import { DC1, hasIpv6, isSaved, openLab, whereIs, withoutIpv6, workflowFor, ZONED_LOOPBACK } from '../../lab/lab.ts'
import { killedChange } from './killed-hop.ts'
import { benchBehind, hasSshd, SSH_USER, type Sshd, startSshd, withoutSshd } from './sshd.ts'

async function hop(name: string, host = '127.0.0.1') {
  const sshd = await startSshd(name, host)
  onTestFinished(() => sshd.remove())
  return sshd
}

describe.skipIf(!hasSshd || !hasIpv6)(
  `jump hosts and a switch at addresses with a zone${withoutSshd}${withoutIpv6}`,
  { tags: 'night' },
  () => {
    test.each(['eapi', 'ssh'] as const)('over %s: the zone is that of the host before', async (over) => {
      const [bastion, core] = [await hop('bastion', '::1'), await hop('core', '::1')]
      // getaddrinfo(3) of the jump host takes the name of an interface for link-local addresses only; its number for all.
      const hops = [at(bastion, ZONED_LOOPBACK), at(core, '::1%1')]
      const bench = await benchBehind({ hops, over, workflow: workflowFor('leaf1'), host: '::1', at: '::1%1' })
      const leaf1 = bench.device('leaf1')
      const { code, out, err } = await bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml')
      expect([code, whereIs(leaf1), isSaved(leaf1)], out + err).toEqual([0, 'AFTER', true])
      const shown = await bench.eosflow('doctor --all')
      for (const place of [ZONED_LOOPBACK, '::1%1']) expect(shown.out).toContain(`at ${place} port`)
    })
  },
)

function at(sshd: Sshd, host: string) {
  return { ...sshd, hop: { ...sshd.hop, host } }
}

describe.skipIf(!hasSshd)(`a jump host that is back with another host key${withoutSshd}`, () => {
  const rows = [
    ['before anything is committed', { before: 3 }, [10, 'BEFORE', 'BEFORE'], { plain: 0, timed: 0, confirms: 0 }],
    ['while the commit timer runs', { before: 8 }, [7, 'UNKNOWN', 'BEFORE'], { plain: 0, timed: 1, confirms: 0 }],
  ] as const
  test.each(rows.slice(0, extentOfLong(1, rows.length)))(
    '%s is not logged in to',
    async (_when, strike, ends, commits) => {
      const hops = [await hop('bastion'), await hop('core')] as const
      const killed = { hop: 1, at: strike, as: 'another host key' } as const
      const end = await killedChange({ over: 'eapi', host: '127.0.0.1', hops, killed, back: 'soon' })
      expect([end.code, end.said, end.was], end.text).toEqual(ends)
      expect([end.commits, end.unasked], end.text).toEqual([commits, []])
      expect(end.text).toMatch(/leaf1: jump host core: the host key SHA256:\S+ is not the one that the inventory names/)
      const [, behind = ''] = hops[1].log().split('Server listening', 3).slice(-2)
      expect(behind).not.toContain('Accepted')
    },
  )
})

describe.skipIf(!hasSshd)(`a jump host that is a switch of the change${withoutSshd}`, { tags: 'night' }, () => {
  // leaf1 is the jump host of leaf3: what the change does there ends the way, until leaf1 is put back.
  const rows = [
    ['after the switches behind it', ['leaf3', 'leaf1'], '[1]', [1]],
    ['before them', ['leaf1', 'leaf3'], '[1]', [0]],
    // Whichever of the two is faster.
    ['together with them', ['leaf1', 'leaf3'], "['100%']", [0, 1]],
  ] as const
  test.each(everyNthOfLong(3, 'ways that a change cuts', rows))(
    'and cuts the way is put back, and they are, when it is changed %s',
    async (_when, order, waves, behind) => {
      const workflow = workflowFor('leaf1 or leaf3', { rollout: `{ waves: ${waves} }` })
      const { ended, places, committed } = await cutBy(order, workflow)
      const said = ended.out + ended.err
      expect([ended.code, places], said).toEqual([6, { leaf1: 'BEFORE', leaf3: 'BEFORE' }])
      for (const name of order) expect(ended.out, said).toMatch(new RegExp(`^${name}\\s.*BEFORE`, 'm'))
      expect(committed.leaf1, said).toBe(1)
      expect(behind, said).toContain(committed.leaf3)
    },
  )
})

/** Changes a switch, and one behind a jump host that is alive while the first one runs its configuration from before. */
async function cutBy(order: readonly ('leaf1' | 'leaf3')[], workflow: string) {
  const bastion = await hop('bastion')
  const bench = await openLab({ world: 'sockets', switches: { folder: DC1 }, files: { 'workflow.yaml': workflow } })
  const [leaf1, leaf3] = [bench.device('leaf1'), bench.device('leaf3')]
  const { username, password } = leaf1
  const [secret, key] = ['password', 'key'].map((file) => join(bench.dir, file)) as [string, string]
  writeFileSync(secret, leaf3.password, { mode: 0o600 })
  writeFileSync(key, SSH_USER.key.private, { mode: 0o600 })
  bench.write('ca.pem', bench.fabric.ca)
  const { hostKey } = bastion.hop
  const devices = {
    leaf1: { ...leaf1.http, protocol: 'http', credentials: 'sim' },
    leaf3: { ...leaf3.https, tls: { ca: 'ca.pem' }, credentials: 'operator', via: 'leaf1' },
  }
  bench.write(
    'inventory.yaml',
    JSON.stringify({
      credentials: {
        sim: { username, password, simulated: true },
        operator: { username: leaf3.username, password: `\${file:${secret}}` },
        jumper: { username: SSH_USER.username, key: `\${file:${key}}` },
      },
      jumps: {
        leaf1: {
          host: bastion.hop.host,
          port: bastion.hop.port,
          credentials: 'jumper',
          ssh: { hostKey: hostKey.mode === 'pin' ? hostKey.fingerprint : 'strict' },
        },
      },
      // A wave takes the switches in this order.
      devices: Object.fromEntries(order.map((name) => [name, devices[name]])),
    }),
  )
  const { requests } = leaf1.switch
  const { push } = requests
  let isCut = false
  let done: Promise<unknown> = Promise.resolve()
  requests.push = (...records) => {
    const cuts = whereIs(leaf1) === 'AFTER'
    if (cuts !== isCut) done = done.then(() => (cuts ? bastion.kill() : bastion.revive()))
    isCut = cuts
    return push.apply(requests, records)
  }
  const ended = await bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml')
  await done
  const timed = ({ counters }: typeof leaf1) => counters().commits.timed
  return {
    ended,
    places: { leaf1: whereIs(leaf1), leaf3: whereIs(leaf3) },
    committed: { leaf1: timed(leaf1), leaf3: timed(leaf3) },
  }
}
