// @module-tag long
import { describe, expect, test } from 'vitest'
import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { eapiTransport } from '../../src/eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../src/eos/transport/eapi/exchange.ts'
import { EosflowError } from '../../src/model/error.ts'
import { everyNthOfLong } from '../extent.ts'
import { exits, inventoryOf, type Lab, type LabOptions, openLab, withAppends, workflowFor } from '../lab/lab.ts'

/** The link between leaf1 and spine1, and the address of spine1 on it: it answers leaf1 over that link alone. */
const LINK = { device: 'leaf1', port: 'Ethernet49/1' } as const
const OVER_LINK = '{ from: leaf1, to: 10.0.1.0 }'

/** A change that is watched for 15 s and confirmed then. */
const watched = (probes: string, extra = '') =>
  workflowFor('leaf1', {
    verify: '{ within: 60s, stableFor: 15s, every: 5s, checks: [{ vlans-present: { vlans: [998] } }] }',
    extra: `${extra}\n${probes === '' ? '' : `probe: [${probes}]`}`,
  })

/** A lab in which faults are set right before the first timed commit, and how long leaf1 did not reach spine1 over the link since, in milliseconds. */
function labWith(faults: readonly DeviceFault[], workflow: string, options: LabOptions = {}) {
  let armedAt: number | undefined
  let watching: Promise<void> | undefined
  const truth = { gone: 0, isOver: false }
  const lab = openLab({
    ...options,
    workflow,
    before: async (one, device, commands) => {
      await options.before?.(one, device, commands)
      if (armedAt !== undefined || !commands.some((command) => command.includes('commit timer'))) return
      armedAt = one.clock.now()
      for (const fault of faults) one.fault(fault)
      watching = watch(one)
    },
  })
  const watch = async (one: Lab) => {
    const step = 100
    while (!truth.isOver) {
      if (!one.fabric.reaches('leaf1', 'default', '10.0.1.0')) truth.gone += step
      await one.clock.sleep(step)
    }
  }
  const change = async () => {
    const ended = await lab.change()
    truth.isOver = true
    await lab.clock.advance(100)
    await watching
    return ended
  }
  return { lab, truth, change }
}

const shown = async (lab: Lab) => JSON.parse((await lab.eosflow('show @latest --json')).out)

describe('for how long users are cut off', () => {
  test.each(
    everyNthOfLong(5, 'losses that cannot be measured', [
      [
        'a link that is down between two questions',
        [{ after: 2.3, for: 0.5 }],
        '0.0 s on 1 of 1 probe (each second)',
        0.5,
      ],
      ['a link that is down for 0.5 s', [{ after: 2.7, for: 0.5 }], '0.0 to 2.0 s on 1 of 1 probe', 0.5],
      ['a link that is down for 3 s', [{ after: 2.5, for: 3 }], '2.0 to 4.0 s on 1 of 1 probe', 3],
      ['a link that is down for 10 s', [{ after: 2.5, for: 10 }], '9.0 to 11.0 s on 1 of 1 probe', 10],
      [
        'a link that is down twice',
        [
          { after: 1.5, for: 2 },
          { after: 6.5, for: 1 },
        ],
        '1.0 to 5.0 s on 1 of 1 probe',
        3,
      ],
      ['a link that never comes back', [{ after: 2.5 }], '11.0 to 13.0 s on 1 of 1 probe', 12.5],
    ] as const),
  )('%s', { tags: 'turn' }, async (_, downs, words, seconds) => {
    const faults = downs.map((down) => ({ ...LINK, kind: 'link-down' as const, ...down }))
    const { lab, truth, change } = labWith(faults, watched(OVER_LINK))
    const { code, out } = await change()
    expect([code, out]).toEqual([0, expect.stringContaining(`Users were cut off for ${words}`)])
    // By the network itself, looked at each tenth of a second.
    expect(Math.abs(truth.gone / 1000 - seconds)).toBeLessThan(0.15)
    const [probe] = (await shown(lab)).disruption?.probes ?? []
    const { least = -1, most = -1, times = 0 } = probe?.gone ?? {}
    expect(least).toBeLessThanOrEqual(truth.gone)
    if (times > 0) expect(most).toBeGreaterThanOrEqual(truth.gone - 150)
  })
})

/** What the recap says of users, from its line on. */
const said = (out: string) => /(?:Users were|For how long).*\./.exec(out)?.[0] ?? 'nothing'

describe('what cannot be measured is said and is no lost time', { tags: 'turn' }, () => {
  test('a switch that is silent for 4 s', async () => {
    const silent: DeviceFault = { device: 'leaf3', kind: 'unreachable', after: 2.5, for: 4 }
    const { lab, change } = labWith([silent], watched('{ from: leaf3, to: 10.0.250.1 }, { from: leaf1, to: 10.0.1.0 }'))
    const { code, out } = await change()
    expect([code, said(out)]).toEqual([
      0,
      'Users were cut off for 0.0 s on 1 of 2 probes (each second); 1 was not measured all the time.',
    ])
    expect(out).toMatch(/leaf3 to 10\.0\.250\.1 +- .*\n {2}not measured from 08:00:02Z to 08:00:07Z: /)
    expect((await shown(lab)).disruption?.probes[0]).toMatchObject({
      result: 'not-measured',
      lost: 0,
      gone: { times: 0 },
    })
  })

  test('an address that never answered, and a ping that is refused once the change is in force', async () => {
    const denied: DeviceFault = {
      device: 'leaf4',
      kind: 'refuse-command',
      command: '^ping',
      code: 1002,
      errors: ['Authorization denied for command'],
    }
    const pairs = ['{ from: leaf1, to: 10.9.9.9 }', '{ from: leaf4, to: 10.0.250.1 }']
    const { change } = labWith([denied], watched(pairs.join(', ')))
    const { code, out } = await change()
    expect([code, said(out)]).toEqual([
      0,
      'For how long users were cut off is not known: of 2 probes 1 was not measured all the time; 1 was already gone before.',
    ])
    expect(out).toMatch(/leaf1 to 10\.9\.9\.9 .*\n {2}was already gone before\n/)
    expect(out).toMatch(
      /leaf4 to 10\.0\.250\.1 .*\n {2}not measured from 08:00:00Z to 08:00:02Z: Authorization denied for command\n/,
    )
  })

  test.each([
    ['before its timer has ended', 60_000, 0],
    ['when the switch has put itself back', 600_000, 6],
  ])('the time in which nobody ran it: killed, and resumed %s', async (_, later, exit) => {
    let isDead = false
    let wasDead = false
    const { lab } = labWith([], watched(OVER_LINK), {
      seams: withAppends({
        before: () => {
          if (isDead) throw new EosflowError('store', 'the process is dead')
        },
      }),
      before: (one, device, commands) => {
        if (
          device === 'leaf1' &&
          commands.some((one) => one.startsWith('ping')) &&
          one.clock.monotonic() >= 3_000 &&
          !wasDead
        )
          isDead = true
      },
    })
    await lab.change()
    wasDead = true
    isDead = false
    await lab.clock.advance(later)
    const { code, out } = await lab.eosflow('resume @latest')
    expect([code, said(out)]).toEqual([
      exit,
      'For how long users were cut off is not known: of 1 probe 1 was not measured all the time.',
    ])
    expect(out).toMatch(
      /\n {2}not measured from 08:00:00Z to 08:\d\d:\d\dZ: eosflow had ended, with what was not on record yet\n/,
    )
    const [probe] = (await shown(lab)).disruption?.probes ?? []
    expect([probe?.result, probe?.gone.times]).toEqual(['not-measured', 0])
    expect(probe?.unmeasured.milliseconds).toBeGreaterThan(later)
  })
})

describe('a change that is put back', () => {
  test('has cut users off from its commit until it was put back', { tags: 'turn' }, async () => {
    const workflow = workflowFor('leaf1', {
      lines: ['interface Ethernet49/1', '   shutdown'],
      verify: '{ within: 5s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }',
      extra: `probe: [${OVER_LINK}, { from: leaf1, to: 10.0.2.0 }]`,
    })
    const { lab, truth, change } = labWith([], workflow)
    const { code, out } = await change()
    expect([code, said(out)]).toEqual([
      6,
      'Users were cut off for 4.0 to 6.0 s on 1 of 2 probes: leaf1 to 10.0.1.0 (each second).',
    ])
    const [probe] = (await shown(lab)).disruption?.probes ?? []
    expect(probe?.gone.least).toBeLessThanOrEqual(truth.gone)
    expect(probe?.gone.most).toBeGreaterThanOrEqual(truth.gone)
  })
})

test('sessions and ports that the rounds read anyway are said beside it, and cost no request', {
  tags: 'turn',
}, async () => {
  const expects = (probe: string) =>
    workflowFor('leaf1', {
      verify:
        '{ within: 40s, stableFor: 15s, every: 5s, expect: { vlan: { added: [998] }, everythingElse: unchanged } }',
      extra: probe,
    }).replace('state: [vlan]', 'state: [vlan, interfaces, bgp], neighbors: 0')
  const down: DeviceFault = { ...LINK, kind: 'link-down', after: 2.5, for: 3 }
  const { lab, change } = labWith([down], expects(`probe: [${OVER_LINK}]`))
  const { out } = await change()
  expect(out).toMatch(/\nOf \d+ sessions and ports that the rounds read \d+ were down:\n/)
  expect(out).toMatch(
    /\n {2}leaf1: interface Ethernet49\/1 was down for \d\.\d to \d\.\d s from 08:00:0\dZ to 08:00:0\dZ, by the (rounds|clock of the switch)\n/,
  )
  const { disruption } = JSON.parse((await lab.eosflow('show @latest --json')).out) as {
    disruption: { seen: { down: { thing: string; least: number; most: number }[] } }
  }
  const port = disruption.seen.down.find(({ thing }) => thing === 'interface Ethernet49/1')
  expect(port?.least).toBeLessThanOrEqual(3_000)
  expect(port?.most).toBeGreaterThanOrEqual(3_000)
  expect(port?.most).toBeLessThanOrEqual(6_000)
  const without = labWith([down], expects(''))
  await without.change()
  const asked = (one: Lab) => one.device('leaf1').counters().requests
  const pings = requestsOf(lab).filter((one) => one.startsWith('leaf1') && one.includes('ping')).length
  expect(asked(lab) - pings).toBe(asked(without.lab))
})

const requestsOf = (lab: Lab) =>
  lab.fabric.devices.flatMap(({ name, requests }) => requests().map((one) => `${name}: ${JSON.stringify(one)}`))

test('without a pair that is named no request is sent more, and nothing is said', async () => {
  const { lab, change } = labWith([], watched(''))
  const { out } = await change()
  expect(requestsOf(lab).filter((one) => one.includes('ping'))).toEqual([])
  expect(out).not.toMatch(/probe|cut off/i)
  expect((await shown(lab)).disruption).toBeUndefined()
  expect(lab.fabric.devices.map(({ counters }) => counters().requests)).toEqual([0, 0, 14, 0, 0, 0])
})

test('all pairs of a switch that are due go in one request, by the user who reads', {
  tags: 'turn',
}, async () => {
  const asked: [user: string, commands: readonly string[]][] = []
  const lab: Lab = openLab({
    workflow: watched(
      '{ from: leaf3, to: 10.0.250.1 }, { from: leaf3, to: 10.0.250.2, vrf: default, source: Loopback0, every: 5s }',
    ),
    seams: (seams) => ({
      ...seams,
      transport: () =>
        eapiTransport({
          openChannel: ({ name }, { username }) =>
            channelOver(async (body) => {
              const { params } = JSON.parse(body) as { params: { cmds: readonly (string | { cmd: string })[] } }
              const commands = params.cmds.map((one) => (typeof one === 'string' ? one : one.cmd))
              if (name === 'leaf3') asked.push([username, commands])
              return lab.device(name).eapi(body)
            }, username),
        }),
    }),
  })
  const inventory = JSON.parse(inventoryOf(lab.fabric)) as { defaults: object; credentials: { sim: object } }
  const { sim } = inventory.credentials
  lab.write(
    'inventory.yaml',
    JSON.stringify({
      ...inventory,
      defaults: { ...inventory.defaults, readCredentials: 'reader' },
      credentials: { sim, reader: { ...sim, username: 'reader' } },
    }),
  )
  await exits(0, lab.change())
  const pings = asked.map(([user, commands]) => [
    user,
    commands.filter((command) => command.startsWith('ping')).join(' | '),
  ])
  const one = 'ping vrf default 10.0.250.1 size 100 repeat 1 timeout 1'
  const both = `${one} | ping vrf default 10.0.250.2 source Loopback0 size 100 repeat 1 timeout 1`
  const turn = [both, one, one, one, one]
  // Before the plan each is asked once, so that what is refused is known.
  expect(pings).toEqual([both, ...turn, ...turn, ...turn].map((commands) => ['reader', commands]))
})
