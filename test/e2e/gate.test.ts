// @module-tag long
import { describe, expect, test } from 'vitest'
import { policyInputSchema } from '../../src/change/plan/policy-input.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { HttpPort } from '../../src/model/http-port.ts'
import { everyNthOfLong } from '../extent.ts'
import { DC1, exits, type Lab, type LabOptions, NO_COMMIT, openLab, workflowFor } from '../lab/lab.ts'

const POLICY = `version: 1
roles: { lead: { members: ["corp:group:leads"] }, hero: { members: ["kind:person"] } }
gate: { http: { url: "https://opa.example.com/v1/data/eosflow/gate" } }
rules:
  - id: all
    allow: [plan.create, plan.read, plan.approve, execution.start, execution.read, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback, policy.retire, audit.read]
    to: ["kind:person"]
  - { id: glass, allow: [breakglass.use, execution.start, task.push, task.confirm, task.rollback], to: [hero], when: { reason: ticket } }
`
const SETTINGS = `version: 1
http: { key: '\${env:KEY}', hosts: ["https://opa.example.com"] }
`
const ALLOW = { version: 1, decision: 'allow', bundle: 'rev-7', reasons: ['ticket is there'] }
const DENY = { version: 1, decision: 'deny', reasons: ['vlan 998 is not free'] }
const REQUIRE = { version: 1, decision: 'require', require: { count: 1, from: ['lead'] } }

/** A project under a gate that answers these one after the other, the last one for ever; `down`: nothing is heard. */
function gated(answers: readonly (object | 'down')[], options: LabOptions = {}, meanwhile?: () => Promise<unknown>) {
  const inputs: unknown[] = []
  const http = (): HttpPort => ({
    scrub: (text) => text,
    send: async ({ body = '', url, method }) => {
      expect([url, method]).toEqual(['https://opa.example.com/v1/data/eosflow/gate', 'POST'])
      inputs.push((JSON.parse(body) as { input: unknown }).input)
      const answer = answers[Math.min(inputs.length, answers.length) - 1]
      await meanwhile?.()
      if (answer === 'down') throw new Error('nobody is there')
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ result: answer, decision_id: '1' })) }
    },
  })
  const lab = openLab({
    ...options,
    files: { 'policy.yaml': POLICY, 'eosflow.yaml': SETTINGS, ...options.files },
    seams: (seams) => ({ ...seams, http }),
  })
  return { lab, inputs }
}

const commits = ({ fabric }: Lab, name = 'leaf1') => fabric.device(name).counters().commits

async function recordOf(lab: Lab): Promise<readonly JournalEvent[]> {
  const id = /Execution (\S+):/.exec(lab.printed)?.[1] ?? ''
  return JSON.parse((await lab.eosflow(`history ${id} --json`)).out) as readonly JournalEvent[]
}

const asked = (events: readonly JournalEvent[]) =>
  events.flatMap((event) => (event.type === 'GateAsked' ? [`${event.moment} ${event.decision}`] : []))

test('a gate that allows is asked at the plan and before the push about one document, and its answer is in the plan and on record', async () => {
  const { lab, inputs } = gated([ALLOW])
  const { code, out, err } = await lab.agreed('run workflow.yaml --details')
  expect([code, lab.whereIs('leaf1')]).toEqual([0, 'AFTER'])
  expect(out + err).toContain('The gate of the policy allows this change by rev-7: ticket is there')
  expect(inputs.length).toBe(2)
  expect(inputs[1]).toEqual(inputs[0])
  const input = policyInputSchema.parse(inputs[0])
  expect(input.switches.map(({ name }) => name)).toEqual(['leaf1'])
  const events = await recordOf(lab)
  expect(asked(events)).toEqual(['plan allow', 'push allow'])
  const digests = new Set(events.flatMap((event) => (event.type === 'GateAsked' ? [event.input] : [])))
  expect(digests.size).toBe(1)
  await lab.ok('audit verify')
})

describe('[G115] nothing is sent', () => {
  const REFUSED: readonly (readonly [string, readonly (object | 'down')[], string, readonly string[]])[] = [
    ['it denies the plan', [DENY], 'vlan 998 is not free', ['plan deny']],
    ['it does not answer at the plan', ['down'], 'gave no answer, which is a denial', ['plan none']],
    ['it denies the push', [ALLOW, DENY], 'vlan 998 is not free', ['plan allow', 'push deny']],
    ['it does not answer before the push', [ALLOW, 'down'], 'gave no answer', ['plan allow', 'push none']],
    ['it answers in another form', [ALLOW, { allow: true }], 'its answer is malformed', ['plan allow', 'push none']],
    [
      'it demands approvals that the plan does not show',
      [ALLOW, REQUIRE],
      'the plan does not show that',
      ['plan allow', 'push require'],
    ],
  ]
  test.each(everyNthOfLong(3, 'answers that refuse', REFUSED))('%s', async (_name, answers, said, record) => {
    const { lab } = gated(answers)
    const { code, out, err } = await lab.change()
    expect([code, out + err]).toEqual([4, expect.stringContaining(said)])
    expect(commits(lab)).toEqual(NO_COMMIT)
    expect(asked(await recordOf(lab))).toEqual(record)
  })
})

test('what it demands is shown in the plan, and asked of it: the own approval of the requester is none', async () => {
  const { lab } = gated([REQUIRE])
  const { code, out, err } = await lab.change()
  expect(out + err).toContain('The gate of the policy demands 1 approval of lead')
  expect(code, out + err).toBe(4)
  expect(commits(lab)).toEqual(NO_COMMIT)
  const { out: json } = await lab.eosflow('plan workflow.yaml --json')
  expect(JSON.parse(json).plan.content.gate).toEqual([
    { decision: 'require', input: expect.stringMatching(/^sha256:/), require: { count: 1, from: ['lead'] } },
  ])
})

test('[G115] a gate that denies between two waves: the first is put back, without asking it', async () => {
  const { lab, inputs } = gated([ALLOW, ALLOW, DENY], { workflow: workflowFor('leaf1 or leaf2') })
  const { code, out, err } = await lab.change()
  expect(out + err).toContain('vlan 998 is not free')
  expect(code).toBe(6)
  expect(['leaf1', 'leaf2'].map((name) => lab.whereIs(name))).toEqual(['BEFORE', 'BEFORE'])
  expect([commits(lab).timed, commits(lab, 'leaf2').timed, inputs.length]).toEqual([1, 0, 3])
})

test('a gate is not asked about a push that the policy or a freeze denies, and of both the policy is the reason', async () => {
  const workflow = workflowFor('leaf1').replace('  - approve\n', '')
  for (const [rights, code] of [
    ['execution.stop', 4],
    ['execution.stop, task.push', 9],
  ] as const) {
    const freeze = () => lab.ok('freeze --reason INC-1')
    const { lab, inputs } = gated(
      [ALLOW],
      { workflow, files: { 'policy.yaml': POLICY.replace('task.push', rights) } },
      freeze,
    )
    await lab.exits(code, 'run workflow.yaml')
    expect([inputs.length, asked(await recordOf(lab))]).toEqual([1, ['plan allow']])
  }
})

test('a plan that is computed offline says that the gate was not asked, and it is before the push', async () => {
  const { lab, inputs } = gated([DENY])
  const { code, out } = await lab.eosflow('plan workflow.yaml --offline', DC1, '-o', 'p.plan')
  expect(inputs).toEqual([])
  expect([code, out]).toEqual([0, expect.stringContaining('the gate of the policy was not asked')])
})

test('who breaks the glass goes past the gate', { tags: 'turn' }, async () => {
  const { lab, inputs } = gated([DENY])
  await exits(0, lab.agreed('run workflow.yaml --break-glass INC-1'))
  expect([inputs.length, lab.whereIs('leaf1')]).toEqual([0, 'AFTER'])
})

test('a resumed execution asks again before its push', { tags: 'turn' }, async () => {
  const { lab, inputs } = gated([ALLOW, DENY])
  const id = /Execution (\S+):/.exec((await lab.eosflow('run workflow.yaml --detach')).out)?.[1] ?? ''
  expect(inputs.length).toBe(1)
  await lab.ok(`approve ${id}`)
  const { code, out, err } = await lab.eosflow(`resume ${id}`)
  expect([code, out + err]).toEqual([4, expect.stringContaining('vlan 998 is not free')])
  expect([inputs.length, commits(lab).timed]).toEqual([2, 0])
})
