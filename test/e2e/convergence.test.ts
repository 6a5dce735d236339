import { describe, expect, test } from 'vitest'
import { exits, inventoryOf, type Lab, NO_COMMIT, newest, openLab, PEOPLE, policyWith } from '../lab/lab.ts'

interface Verified {
  readonly state?: string
  readonly neighbors?: number
  readonly push?: string
  readonly verify: string
  readonly targets?: string
}

const workflow = ({
  state = 'bgp',
  neighbors = 0,
  push = '10m',
  verify,
  targets = 'leaf1',
}: Verified) => `name: add-a-vlan
targets: ${targets}
change: { mode: merge, lines: ['vlan 998', '   name TESTED'] }
rollout: { keepApart: none }
steps:
  - snapshot: { state: [${state}], neighbors: ${neighbors} }
  - plan
  - approve
  - push: { confirmWithin: ${push} }
  - verify: { ${verify} }
  - confirm
`

/** A lab in which something happens right before the timed commit of leaf1. */
function atCommit(act: (lab: Lab) => void, options: Verified): Lab {
  let isOver = false
  return openLab({
    workflow: workflow(options),
    before: (lab, device, commands) => {
      if (isOver || device !== 'leaf1' || !commands.some((command) => command.includes('commit timer'))) return
      isOver = true
      act(lab)
    },
  })
}

/** How many seconds the verification of the last change took. */
async function secondsOf(lab: Lab, work: () => Promise<unknown>) {
  const begun = lab.clock.monotonic()
  await work()
  return Math.round((lab.clock.monotonic() - begun) / 1000)
}

describe('a verification', () => {
  const expectation = 'expect: { everythingElse: unchanged }'

  test('passes as soon as a peer that comes up after 40 s has stayed up, long before the deadline', async () => {
    const lab = atCommit(
      ({ fabric }) => fabric.fault({ device: 'leaf1', kind: 'bgp-peer-down', peer: '10.0.1.0', for: 40 }),
      { verify: `within: 5m, stableFor: 30s, every: 5s, ${expectation}` },
    )
    let code: number | undefined
    const seconds = await secondsOf(lab, async () => {
      ;({ code } = await lab.change())
    })
    expect(code).toBe(0)
    expect(seconds).toBeGreaterThanOrEqual(70)
    expect(seconds).toBeLessThanOrEqual(76)
  })

  test('does not call a peer good that flaps within the hold time', { tags: ['long', 'turn'] }, async () => {
    const lab = atCommit(
      ({ fabric }) => fabric.fault({ device: 'leaf1', kind: 'link-flap', port: 'Ethernet49/1', period: 40 }),
      { verify: `within: 3m, stableFor: 30s, every: 5s, ${expectation}` },
    )
    const { out } = await exits(6, lab.change())
    expect(out).toContain('BGP 10.0.1.0 in default: Established -> ')
  })

  test('notices a session that went down and came back between two looks, though each of them saw it up', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({
      workflow: workflow({ verify: 'within: 2m, stableFor: 30s, every: 10s, checks: [bgp-established]' }),
      hears: ({ clock }, answer) => {
        const comeBack = Math.floor(clock.now() / 1000 / 7) * 7
        return { ...answer, body: answer.body.replace(/"upDownTime": ?[\d.]+/, `"upDownTime":${comeBack}`) }
      },
    })
    const { code, out } = await lab.change()
    expect(out).toMatch(/steady: BGP 10\.0\.\d\.\d in default went down and came up again since the round before/)
    expect(code).toBe(6)
  })

  test('ends at once when a line of the configuration is not the approved one', async () => {
    const lab = atCommit(
      ({ fabric }) => fabric.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 112'] }),
      { verify: `within: 5m, stableFor: 30s, every: 5s, ${expectation}` },
    )
    let ended = { code: 0, out: '' }
    const seconds = await secondsOf(lab, async () => {
      ended = await lab.change()
    })
    expect(ended).toMatchObject({ code: 6, out: expect.stringContaining('running-config: -vlan 112 - not expected') })
    // Three of them are the network's, which must be as before for so long.
    expect(seconds).toBeLessThanOrEqual(4)
  })

  test('ends early when a check asks what the switch does not know, round after round', {
    tags: ['long', 'turn'],
  }, async () => {
    const refusals = Array.from({ length: 20 }, () => ({
      device: 'leaf1',
      kind: 'refuse-command' as const,
      command: '^show vlan',
      code: 1002 as const,
      errors: ["Invalid input (at token 1: 'vlan')"],
    }))
    const refuse = ({ fabric }: Lab) => {
      for (const fault of refusals) fabric.fault(fault)
    }
    const lab = atCommit(refuse, {
      verify: 'within: 5m, stableFor: 0s, every: 5s, checks: [{ vlans-present: { vlans: [998] } }]',
    })
    let ended = { code: 0, out: '' }
    const seconds = await secondsOf(lab, async () => {
      ended = await lab.change()
    })
    expect(ended).toMatchObject({ code: 6, out: expect.stringContaining('leaf1: cannot become good: vlans-present') })
    expect(seconds).toBeLessThanOrEqual(6)
  })

  test('puts each of two checks of one name on record when it changes, and not in every round', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({
      workflow: workflow({
        verify:
          'within: 20s, stableFor: 10s, every: 2s, checks: [{ vlans-present: { vlans: [998] } }, { vlans-present: { vlans: [997] } }]',
      }),
    })
    await exits(6, lab.change())
    const history: readonly { type: string; verdict?: { status: string } }[] = JSON.parse(
      (await lab.eosflow('history', await newest(lab), '--json')).out,
    )
    const given = history.filter(({ type }) => type === 'VerdictGiven').map(({ verdict }) => verdict?.status)
    expect(given).toEqual(['pass', 'fail'])
  })

  test('lets what is allowed to come and go do so between two looks', { tags: 'long' }, async () => {
    const lab = openLab({
      workflow: workflow({
        verify:
          "within: 30s, stableFor: 20s, every: 10s, expect: { bgp: { allowed: '10.0.*' }, everythingElse: unchanged }",
      }),
      hears: ({ clock }, answer) => {
        const comeBack = Math.floor(clock.now() / 1000 / 7) * 7
        return { ...answer, body: answer.body.replaceAll(/"upDownTime": ?[\d.]+/g, `"upDownTime":${comeBack}`) }
      },
    })
    await exits(0, lab.change())
  })

  test('ends when what is bad could not be good for long enough any more', { tags: ['long', 'turn'] }, async () => {
    const lab = atCommit(({ fabric }) => fabric.fault({ device: 'leaf1', kind: 'bgp-peer-down', peer: '10.0.1.0' }), {
      verify: `within: 100s, stableFor: 60s, every: 5s, ${expectation}`,
    })
    let code: number | undefined
    const seconds = await secondsOf(lab, async () => {
      ;({ code } = await lab.change())
    })
    expect(code).toBe(6)
    // The peer stays down, and the network is read for five minutes.
    expect(seconds).toBeLessThanOrEqual(341)
  })

  test('fails where the way to the switch has become much longer, and says how much', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = atCommit(({ fabric }) => fabric.fault({ device: 'leaf1', kind: 'slow', before: 2 }), {
      verify: 'within: 20s, stableFor: 0s, every: 5s, latency: 250, checks: [reachable]',
    })
    const { out } = await exits(6, lab.change())
    expect(out).toMatch(
      /latency: the way to the switch - expected: at most 250 ms, actual: \d{4} ms, before the change 0 ms/,
    )
  })

  test('lets the way be a little longer', { tags: 'long' }, async () => {
    const lab = atCommit(({ fabric }) => fabric.fault({ device: 'leaf1', kind: 'slow', before: 0.2 }), {
      verify: 'within: 20s, stableFor: 0s, every: 5s, latency: 250, checks: [reachable]',
    })
    await exits(0, lab.change())
  })
})

describe('what must be known before anything is pushed', () => {
  test('an area that cannot be read ends the execution, exit 10, and nothing is written', async () => {
    const lab = openLab({
      workflow: workflow({
        state: 'vlan',
        verify: 'within: 20s, stableFor: 0s, expect: { everythingElse: unchanged }',
      }),
    })
    lab.fault({ device: 'leaf1', kind: 'refuse-command', command: '^show vlan', code: 1002, errors: ['no'] })
    const { out } = await exits(10, lab.change())
    expect(out).toContain('leaf1: the state area `vlan` cannot be read: ')
    expect(lab.commits('leaf1')).toEqual(NO_COMMIT)
  })

  test('a network that is another since the plan ends it too, exit 5', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({
      workflow: workflow({
        state: 'bgp, lldp',
        neighbors: 8,
        verify: 'within: 20s, stableFor: 0s, expect: { everythingElse: unchanged }',
      }),
    })
    await lab.ok('plan workflow.yaml -o change.plan')
    lab.fault({ device: 'spine1', kind: 'bgp-peer-down', peer: '10.0.1.3' })
    const { digest } = JSON.parse((await lab.eosflow('show change.plan --json')).out).plan ?? {}
    const { code, out } = await lab.eosflow('run change.plan --approve', String(digest))
    expect(out).toContain('expected-change on spine1: BGP 10.0.1.3 in default: Established -> ')
    expect(code).toBe(5)
  })
})

describe('neighbours', () => {
  test('are read once for all switches that have them and look at the same time', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({
      workflow: workflow({
        targets: 'leaf*',
        state: 'bgp, lldp, vlan',
        neighbors: 8,
        verify: 'within: 20s, stableFor: 0s, expect: { vlan: { added: [998] }, everythingElse: unchanged }',
      }),
    })
    await exits(0, lab.change())
    const asked = (name: string) => lab.device(name).counters().requests
    // The snapshot, CheckBase, the verification and CheckReady look once each; the first three read the configuration too.
    expect([asked('spine1'), asked('spine2')]).toEqual([7, 7])
  })

  test('beyond the limit are named in the plan, and not read', async () => {
    const lab = openLab({
      workflow: workflow({ state: 'lldp', neighbors: 1, verify: 'within: 20s, stableFor: 0s, checks: [reachable]' }),
    })
    const { out } = await lab.ok('plan workflow.yaml --details')
    expect(out).toContain('spine2: it is not watched: the limit is 1')
    expect(out).toContain('Watched beside them: spine1\n')
  })

  test('that the policy does not let the runner read are named in the plan, and not read', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({
      workflow: workflow({ state: 'lldp', neighbors: 8, verify: 'within: 20s, stableFor: 0s, checks: [reachable]' }),
      caller: PEOPLE.alice,
    })
    lab.write('inventory.yaml', inventoryOf(lab.fabric).replaceAll('"tags":{', '"tags":{"role":"leaf",'))
    lab.write(
      'policy.yaml',
      policyWith({ rules: ['{ id: no, deny: [task.snapshot], to: [operator], on: { devices: ["spine2"] } }'] }),
    )
    const { out } = await lab.ok('plan workflow.yaml')
    expect(out).toMatch(/spine2: it is not watched: .*task\.snapshot/)
    expect(out).not.toContain('spine1: it is not watched')
    expect(lab.device('spine2').counters().requests).toBe(0)
    expect(lab.device('spine1').counters().requests).toBe(1)
  })
})
