import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exits, type Person, workflowFor } from '../lab/lab.ts'
import { type CarriedLab, carriedLab, carryPolicy, LINES, planIn } from './carried-lab.ts'

interface Queue {
  readonly version: number
  readonly kind: string
  readonly plans: readonly {
    readonly digest: string
    readonly state: string
    readonly switches: readonly string[]
    readonly requestedBy: readonly string[]
    readonly approvals: readonly { readonly by: string; readonly at: string }[]
    readonly until: string | null
    readonly rebases: string | null
    readonly executions: readonly { readonly id: string; readonly standing: string }[]
    readonly behind: readonly {
      readonly plan: string
      readonly relation: string
      readonly reasons: readonly string[]
    }[]
  }[]
  readonly switches: readonly { readonly name: string; readonly plans: readonly string[] }[]
  readonly withheld: number
  readonly unread: number
}

async function queueOf({ as }: CarriedLab, person: Person, ...flags: readonly string[]) {
  return JSON.parse((await exits(0, as(person, 'plan', 'queue', '--json', ...flags))).out) as Queue
}

const digestOf = ({ lab: { dir } }: CarriedLab, file: string) => planIn(readFileSync(join(dir, file), 'utf8')).digest

async function planned({ lab, as }: CarriedLab, name: string, lines: readonly string[], on = 'leaf1') {
  lab.write(
    `${name}.yaml`,
    workflowFor(on, { lines: [...lines], verify: '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }' }),
  )
  await exits(0, as('alice', 'plan', `${name}.yaml`, '-o', `${name}.plan`))
}

const approve = ({ as }: CarriedLab, name: string) => exits(0, as('bob', 'approve', `${name}.plan`))
const PORT = LINES
const VLAN = ['vlan 211', '   name TESTED']

describe('plan queue', () => {
  test('shows the approved plans of each switch by their approvals, and what each has to expect of those before it', {
    tags: ['long', 'turn'],
  }, async () => {
    const given = carriedLab()
    await planned(given, 'port', PORT)
    await planned(given, 'vlan', VLAN)
    await planned(given, 'again', ['interface Ethernet8', '   description OTHER'])
    await planned(given, 'other', VLAN, 'leaf2')
    await planned(given, 'unapproved', ['vlan 997'])
    for (const name of ['vlan', 'port', 'again', 'other']) await approve(given, name)
    const [vlan, port, again, other] = ['vlan', 'port', 'again', 'other'].map((name) => digestOf(given, `${name}.plan`))
    const queue = await queueOf(given, 'alice')
    expect(queue).toMatchObject({ version: 1, kind: 'plan-queue', withheld: 0, unread: 0 })
    expect(queue.plans.map(({ digest }) => digest)).toEqual([vlan, port, again, other])
    expect(queue.switches).toEqual([
      { name: 'leaf1', plans: [vlan, port, again] },
      { name: 'leaf2', plans: [other] },
    ])
    expect(queue.plans[0]).toMatchObject({
      state: 'approved',
      requestedBy: ['corp:alice'],
      approvals: [{ by: 'corp:bob' }],
      executions: [],
      behind: [],
      rebases: null,
    })
    const [{ approvals, until } = { approvals: [], until: null }] = queue.plans
    expect(Date.parse(until ?? '') - Date.parse(approvals[0]?.at ?? '')).toBe(4 * 3_600_000)
    expect(queue.plans[1]?.behind).toMatchObject([{ plan: vlan, relation: 'carries', reasons: [] }])
    expect(queue.plans[2]?.behind).toMatchObject([
      { plan: vlan, relation: 'carries' },
      {
        plan: port,
        relation: 'conflict',
        reasons: ['leaf1: both change `interface Ethernet8`'],
      },
    ])
    const text = (await exits(0, given.as('alice', 'plan queue -t leaf2'))).out
    expect(text).toContain(`${other?.slice(7, 15)}  other.yaml  is approved until`)
    expect(text).toContain('requested by corp:alice; approved by corp:bob')
    expect(text).toContain('1 plan for 1 switch\n')
    expect(text).not.toContain('leaf1')

    // What was sent and has ended is not in it, and what the one behind it was approved for carries as it was said.
    await exits(0, given.as('alice', 'run vlan.plan'))
    await exits(0, given.as('alice', 'run port.plan --rebase'))
    const stale = await exits(5, given.as('alice', 'run again.plan --rebase'))
    expect(stale.out + stale.err).toContain('not what was approved: diffHmac of leaf1')
    expect((await queueOf(given, 'alice')).plans.map(({ digest }) => digest)).toEqual([again, other])

    // Nor is one that is rejected.
    await exits(0, given.as('bob', 'reject again.plan'))
    expect((await queueOf(given, 'alice')).plans.map(({ digest }) => digest)).toEqual([other])
  })

  test('names no plan that whoever asks may not read, and is refused where there is none else', async () => {
    const given = carriedLab()
    await planned(given, 'port', PORT)
    await approve(given, 'port')
    const refused = await exits(4, given.as('dave', 'plan queue --json'))
    expect(JSON.parse(refused.out)).toMatchObject({
      error: { kind: 'not-authorised', message: 'no rule allows corp:sub:dave plan.read on leaf1' },
      exitCode: 4,
    })
    expect(refused.out + refused.err).not.toContain(digestOf(given, 'port.plan').slice(7, 15))
  })

  test('counts what is withheld beside what is shown', { tags: ['long', 'turn'] }, async () => {
    const policy = carryPolicy().replace(
      '  - { id: plan,',
      '  - { id: hidden, deny: [plan.read, plan.approve], to: [operator], on: { devices: [leaf2] } }\n  - { id: plan,',
    )
    const given = carriedLab({ policy })
    await planned(given, 'port', PORT)
    await planned(given, 'other', VLAN, 'leaf2')
    await approve(given, 'port')
    await approve(given, 'other')
    const queue = await queueOf(given, 'alice')
    expect([queue.withheld, queue.plans.map(({ digest }) => digest)]).toEqual([1, [digestOf(given, 'port.plan')]])
    expect(JSON.stringify(queue)).not.toContain('leaf2')
    expect((await exits(0, given.as('alice', 'plan queue'))).out).toContain('1 plan more that you may not read')
  })

  test('shows what waits for its approval behind what is approved, with its execution', async () => {
    const given = carriedLab({ policy: carryPolicy({ demand: 'count: 1, from: [approver], notRequester: true' }) })
    await exits(12, given.as('alice', 'run workflow.yaml --detach'))
    await planned(given, 'port', PORT)
    await approve(given, 'port')
    const { plans } = await queueOf(given, 'alice', '-t', 'leaf1')
    expect(plans).toMatchObject([
      { digest: digestOf(given, 'port.plan'), state: 'approved', behind: [] },
      {
        state: 'waiting',
        approvals: [],
        until: null,
        executions: [{ standing: 'waiting' }],
        behind: [
          {
            relation: 'again',
            reasons: [
              'no rule of the policy lets its approvals carry',
              'leaf1: the earlier one changes lines of interface.description, over which none carries',
            ],
          },
        ],
      },
    ])
    // Typed at other places the word is a workflow, or a flag of planning is refused.
    given.lab.write('queue', workflowFor('leaf1'))
    await exits(0, given.as('alice', 'plan ./queue --json'))
    const refused = await exits(3, given.as('alice', 'plan -p vlan=1 queue'))
    expect(refused.err).toContain('write ./queue')
  })
})
