// @module-tag long
import { describe, expect, test } from 'vitest'
import { exits, type Lab, openLab, whereIs, withAppends, workflowFor } from '../lab/lab.ts'

const leaf1 = (lab: Lab) => lab.device('leaf1')
const idIn = (text: string) => /execution (\d{8}-\d{6}-[0-9a-f]{8})/i.exec(text)?.[1]
const begun = async (lab: Lab) => {
  const { out } = await lab.eosflow('executions --json')
  return (JSON.parse(out) as { executions: readonly { purpose: string }[] }).executions.filter(
    ({ purpose }) => purpose === 'run',
  ).length
}

/** A lab with a plan that is approved. */
async function approved(options: Parameters<typeof openLab>[0] = {}) {
  const lab = openLab(options)
  await lab.ok('plan workflow.yaml -o change.plan')
  await lab.ok('approve change.plan')
  return lab
}

const KEYED = ['run', 'change.plan', '--key', 'job/4711'] as const

describe('[F17] the same plan under the same key', () => {
  test('is made once: the second caller is given the first execution and its exit code', async () => {
    const lab = await approved()
    const first = await lab.ok(...KEYED)
    const { requests } = leaf1(lab).counters()
    const second = await lab.ok(...KEYED)
    expect(second.err).toMatch(/asked for before: execution \S+; nothing is begun a second time/)
    expect(idIn(second.err)).toBe(idIn(first.out))
    expect([leaf1(lab).counters().requests, await begun(lab)]).toEqual([requests, 1])
  })

  test('that was put back is put back for the second caller, too', async () => {
    const verify = '{ within: 6s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [999] } }] }'
    const lab = await approved({ workflow: workflowFor('leaf1', { verify }) })
    await lab.exits(6, ...KEYED)
    await lab.exits(6, ...KEYED)
    expect(leaf1(lab).counters().commits.timed).toBe(1)
  })

  test('without a key is another change, of which nothing is left to do: stale, exit 5', async () => {
    const lab = await approved()
    await lab.ok(...KEYED)
    const { err } = await lab.exits(5, 'run change.plan')
    expect(err).toContain('has made this change: there is nothing to run')
  })

  test('while it waits: the second caller goes on with it as soon as it may', async () => {
    const lab = openLab()
    const detached = ['run', 'workflow.yaml', '--key', 'job', '--detach'] as const
    await lab.exits(12, ...detached)
    await lab.exits(12, ...detached)
    await lab.ok('approve @latest')
    await lab.ok(...detached)
    expect([whereIs(leaf1(lab)), await begun(lab)]).toEqual(['AFTER', 1])
  })

  test('a workflow with other parameters is another change, and is refused', async () => {
    const lines = ['vlan {{ vlan }}', '   name {{ label }}']
    const extra = 'params: { vlan: { type: integer }, label: { type: string, default: A } }'
    const workflow = workflowFor('leaf1', { lines, extra })
    const lab = openLab({ workflow })
    const asked = (vlan: string, ...more: readonly string[]) =>
      lab.eosflow(`run workflow.yaml --key job --detach -p vlan=${vlan}`, ...more)
    await exits(12, asked('143'))
    for (const other of [asked('144'), asked('143', '-p', 'label=B')]) {
      const { code, out, err } = await other
      expect(
        [code, /the key job belongs to execution \S+, which was asked for another change/.test(err)],
        out + err,
      ).toEqual([5, true])
    }
    await exits(12, asked('143', '-p', 'label=A'))
    expect(await begun(lab)).toBe(1)
  })

  test.each([
    ['is followed to its end', [], 0, /leaf1: saved and read back/],
    ['is not waited for with --detach', ['--detach'], 9, /is run by another process at this moment/],
  ] as const)('while another process makes it %s', async (_, more, code, says) => {
    let second: Promise<{ code: number; out: string; err: string }> | undefined
    const lab: Lab = await approved({
      before: (_lab, _device, commands) => {
        if (second === undefined && commands.some((one) => / commit timer /.test(one)))
          second = lab.eosflow(...KEYED, ...more)
      },
    })
    await lab.ok(...KEYED)
    const told = await second
    expect(told?.code, `${told?.out}${told?.err}`).toBe(code)
    expect(told?.err).toMatch(says)
    expect(leaf1(lab).counters().commits.timed).toBe(1)
  })

  test('begun twice in one moment is begun once', async () => {
    let twin: Promise<{ code: number; out: string; err: string }> | undefined
    const lab: Lab = await approved({
      seams: withAppends({
        before: async (events) => {
          const isBegun = events.some((event) => event.type === 'ExecutionStarted' && event.purpose === 'run')
          if (twin !== undefined || !isBegun) return
          twin = lab.eosflow(...KEYED)
          await twin
        },
      }),
    })
    const { err } = await lab.ok(...KEYED)
    expect(err).toContain('asked for before')
    expect([(await twin)?.code, await begun(lab), leaf1(lab).counters().commits.timed]).toEqual([0, 1, 1])
  })
})

describe('[F17] another change under the same key', () => {
  test('of a plan is refused: exit 5, and nothing is begun', async () => {
    const lab = await approved()
    await lab.ok(...KEYED)
    lab.write('other.yaml', workflowFor('leaf3'))
    const { requests } = lab.device('leaf3').counters()
    const other = await lab.exits(5, 'run other.yaml --key job/4711')
    expect(other.err).toMatch(
      /the key job\/4711 belongs to execution \S+, which was asked for another change: nothing was begun/,
    )
    expect([lab.device('leaf3').counters().requests, await begun(lab)]).toEqual([requests, 1])
  })
})

test('a key that cannot be one is refused: nothing is contacted', async () => {
  const lab = openLab()
  const { code, err } = await lab.eosflow('run workflow.yaml --key', 'a b')
  expect([code, leaf1(lab).counters().requests]).toEqual([3, 0])
  expect(err).toContain('a key is made of 1 to 128 letters')
})
