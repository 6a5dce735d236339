// @module-tag long

import { describe, expect, test } from 'vitest'
import { recordedPlan } from '../../../src/change/plan/stored-plan.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { decideAs } from '../../../src/project/approval/decide.ts'
import { carryPolicy } from '../../e2e/carried-lab.ts'
import {
  appWith,
  inventoryOf,
  openLab,
  PEOPLE,
  type Person,
  SETTINGS,
  seamsOf,
  whileTimePasses,
  workflowFor,
} from '../../lab/lab.ts'
import { type Browser, idle, type ServerBench, type Told } from '../../lab/server.ts'

/** A server under a policy by which the approval of one approver may carry. */
interface Office {
  readonly bench: ServerBench
  as(person: Person): Browser
  /** Has somebody decide about a plan, as `eosflow approve` does. */
  decides(person: Person, plan: string, decision?: 'approve' | 'reject'): Promise<void>
  /** Lines that somebody types on leaf1 by hand, and saves. */
  byHand(...lines: readonly string[]): Promise<void>
  /** The plan that a request has had made, by its digest. */
  planned(told: Told): Promise<string>
  /** Has a plan made again, and gives what is made. */
  again(person: Person, plan: string): Promise<string>
  start(person: Person, plan: string, body?: object): Promise<Told>
  /** What became of the execution that a request has begun. */
  end(told: Told): Promise<Record<string, unknown>>
  page(person: Person, plan: string): Promise<string>
}

async function office(policy = carryPolicy()): Promise<Office> {
  const bench = await openLab({
    prepare: (lab) => {
      lab.write('workflow.yaml', workflowFor('leaf1', { lines: ['vlan 998', '   name TESTED'] }))
      lab.write('inventory.yaml', inventoryOf(lab.fabric))
      lab.write('eosflow.yaml', SETTINGS)
      lab.write('policy.yaml', policy)
    },
  }).serve()
  const { app, lab } = bench
  const browsers = new Map<Person, Browser>()
  const as: Office['as'] = (person) => {
    const known = browsers.get(person) ?? bench.browser(PEOPLE[person])
    browsers.set(person, known)
    return known
  }
  const end: Office['end'] = async (told) => {
    expect(told.status, told.text).toBe(202)
    await idle(bench)
    return (await as('alice').get(`/api/v1/executions/${String(told.json.execution)}`)).json
  }
  const planned: Office['planned'] = async (told) => {
    const { outcome, plan } = await end(told)
    expect(outcome).toBe('planned')
    return String(plan)
  }
  return {
    bench,
    as,
    end,
    planned,
    decides: async (person, digest, decision = 'approve') => {
      const made = await app.store.planMade(digest)
      const plan = await recordedPlan(app.store, made?.plan ?? '')
      const own = appWith(app, { seams: { ...seamsOf(lab), principal: PEOPLE[person] } })
      const caller = { ...silentConsole(), principal: PEOPLE[person] }
      await whileTimePasses(lab.clock, decideAs(own, caller, plan, { decision, comment: '' }))
    },
    byHand: async (...lines) => {
      await lab.byHand('leaf1', ...lines)
    },
    again: async (person, plan) => planned(await as(person).post(`/api/v1/plans/${plan}/rebase`)),
    start: (person, plan, body = {}) => as(person).post(`/api/v1/plans/${plan}/executions`, body),
    page: async (person, plan) => (await as(person).get(`/plans/${encodeURIComponent(plan)}`)).text,
  }
}

/** The same, with a plan of alice that bob has approved. */
async function approved(policy?: string) {
  const given = await office(policy)
  const plan = await given.planned(await given.as('alice').post('/api/v1/plans', { workflow: 'workflow.yaml' }))
  await given.decides('bob', plan)
  return { ...given, plan }
}

const at = ({ bench }: Office) => bench.lab.whereIs('leaf1')

/** What is on record of approvals that have carried, and of those that were used. */
async function onRecord({ bench }: Office, plan: string) {
  const { store } = bench.app
  const carried = await store.carried(plan)
  const uses = await Promise.all([plan, ...carried.map(({ to }) => to)].map((one) => store.approvalUses(one)))
  return { carried: carried.map(({ to }) => to), uses: uses.flat().length }
}

const fieldsOf = (form: string): Record<string, string> =>
  Object.fromEntries(
    [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  )

/** The form of a page that posts to an address, if there is one. */
function formTo(page: string, path: string): Record<string, string> | undefined {
  const form = page.split('<form ').find((one) => one.includes(`action="${path}"`))
  return form === undefined ? undefined : fieldsOf(form.split('</form>')[0] ?? '')
}

describe('an approved plan that is stale', { tags: 'turn' }, () => {
  test('is made again by a button of its page, and the plan that is made is started with the approvals that carry', async () => {
    const given = await approved()
    const { bench, plan, byHand, page, as, end } = given
    await byHand('vlan 211', 'name HAND')
    const refused = await end(await given.start('alice', plan))
    expect(refused).toMatchObject({ outcome: 'refused' })
    const own = `/plans/${encodeURIComponent(plan)}`
    const shown = await page('alice', plan)
    expect(shown).toContain(
      'It was refused when it was sent: leaf1: running-config has changed since the plan was made',
    )
    const form = formTo(shown, `${own}/rebase`)
    expect(Object.keys(form ?? {})).toEqual(['csrf', 'key'])
    const asked = await as('alice').form(`${own}/rebase`, form)
    expect(asked.status, asked.text).toBe(303)
    const id = String(asked.headers.get('location')).replace('/executions/', '')
    await idle(bench)
    const made = String((await as('alice').get(`/api/v1/executions/${id}`)).json.plan)
    expect(made).not.toBe(plan)
    // The approvals are where they were until somebody starts what was made.
    expect(await onRecord(given, plan)).toEqual({ carried: [], uses: 0 })
    const next = `/plans/${encodeURIComponent(made)}`
    const before = await page('alice', made)
    expect(before).toContain(`Rebases ${plan}: the same change, planned again.`)
    expect(before).toContain('>Carry the approvals and start it</button>')
    const start = formTo(before, `${next}/executions`)
    expect(start).toMatchObject({ carry: 'true' })
    const started = await as('alice').form(`${next}/executions`, start)
    expect(started.status, started.text).toBe(303)
    const twice = await as('alice').form(`${next}/executions`, start)
    expect(twice.headers.get('location')).toBe(started.headers.get('location'))
    await idle(bench)
    const run = String(started.headers.get('location')).replace('/executions/', '')
    expect((await as('alice').get(`/api/v1/executions/${run}`)).json).toMatchObject({
      outcome: 'succeeded',
      plan: made,
    })
    expect(at(given)).toBe('AFTER')
    expect(await onRecord(given, plan)).toEqual({ carried: [made], uses: 1 })
    expect(await page('bob', made)).toContain('leaf1: the base differs in &#96;vlan 211 / +name HAND&#96;')
    // The approvals are used: there is nothing to make again, and nothing that would carry.
    expect(formTo(await page('alice', plan), `${own}/rebase`)).toBeUndefined()
    expect(await page('alice', made)).not.toContain('Carry the approvals')
    expect(bench.failures).toEqual([])
  })

  test('is made again and sent by the API, under a key that begins each only once', async () => {
    const given = await approved()
    const { plan, byHand, as, end, planned, bench } = given
    await byHand('vlan 211', 'name HAND')
    const ask = (key: string) => as('alice').post(`/api/v1/plans/${plan}/rebase`, {}, { 'idempotency-key': key })
    const begun = await ask('CHG-1')
    const made = await planned(begun)
    expect((await ask('CHG-1')).json).toEqual({ version: 1, execution: begun.json.execution, known: true })
    // A plan of the same workflow under this key is another one.
    const other = await as('alice').post('/api/v1/plans', { workflow: 'workflow.yaml', key: 'CHG-1' })
    expect([other.status, other.json.kind]).toEqual([409, 'stale'])
    const carry = () => given.start('alice', made, { carry: true, key: 'CHG-1-RUN' })
    const started = await carry()
    expect(await end(started)).toMatchObject({ outcome: 'succeeded', plan: made })
    expect((await carry()).json).toEqual({ version: 1, execution: started.json.execution, known: true })
    expect(await onRecord(given, plan)).toEqual({ carried: [made], uses: 1 })
    expect(bench.failures).toEqual([])
  })
})

describe('refused in the words of the command line, and nothing is sent, is', () => {
  test('a plan that nobody has approved, and one that somebody has rejected meanwhile', {
    tags: 'turn',
  }, async () => {
    const given = await office()
    const plan = await given.planned(await given.as('alice').post('/api/v1/plans', { workflow: 'workflow.yaml' }))
    await given.byHand('vlan 211', 'name HAND')
    const made = await given.again('alice', plan)
    const path = `/plans/${encodeURIComponent(plan)}/rebase`
    expect(formTo(await given.page('alice', plan), path)).toBeUndefined()
    const none = await given.start('alice', made, { carry: true })
    expect([none.status, none.json.kind]).toEqual([409, 'stale'])
    expect(none.json.detail).toContain(
      'the approvals do not carry to a plan that is made again: nobody has approved this plan',
    )
    await given.decides('bob', plan)
    expect(formTo(await given.page('alice', plan), path)).toBeDefined()
    await given.decides('carol', plan, 'reject')
    const rejected = await given.start('alice', made, { carry: true })
    expect(rejected.json.detail).toContain('carol rejected this plan')
    expect(formTo(await given.page('alice', plan), path)).toBeUndefined()
    expect(await given.page('alice', made)).not.toContain('Carry the approvals')
    expect(await onRecord(given, plan)).toEqual({ carried: [], uses: 0 })
  })

  test('a plan that was not made again, and a digest of no plan', async () => {
    const given = await approved()
    const { status, json } = await given.start('alice', given.plan, { carry: true })
    expect([status, json.detail ?? json]).toEqual([422, expect.stringContaining('was not made again of another one')])
    const none = `sha256:${'0'.repeat(64)}`
    expect((await given.as('alice').post(`/api/v1/plans/${none}/rebase`)).status).toBe(404)
    expect((await given.as('alice').post('/api/v1/plans/none/rebase')).status).toBe(422)
    expect(at(given)).toBe('BEFORE')
  })
})

/** Who may plan and see plans, and who may start the change, of whom alone are these rights. */
const HALVES = `${carryPolicy().replace('rules:', '  planner: { members: ["corp:sub:dave"] }\n  starter: { members: ["corp:sub:hero"] }\nrules:')}  - { id: dave, allow: [plan.read, execution.read, plan.create, task.snapshot, task.plan, task.verify], to: [planner] }
  - { id: hero, allow: [plan.read, execution.read, execution.start, execution.stop, task.push, task.confirm, task.rollback], to: [starter], require: { approvals: { count: 1, from: [approver], carry: { kinds: [vlan.name, interface.description] } } } }
`

describe('hostile', () => {
  test('whoever has no right, or half of them, moves no approval and asks no switch', {
    tags: 'turn',
  }, async () => {
    const given = await approved(HALVES)
    await given.byHand('vlan 211', 'name HAND')
    const made = await given.again('alice', given.plan)
    const requests = given.bench.requests()
    const asked = async (who: Person) => {
      const rebase = await given.as(who).post(`/api/v1/plans/${given.plan}/rebase`)
      const carry = await given.start(who, made, { carry: true })
      return [rebase.status, carry.status]
    }
    // Of no rule: there is no plan, and what is on record names the right that was asked for.
    const { cursor } = await given.bench.app.store.tail()
    expect(await asked('admin')).toEqual([404, 404])
    const { events } = await given.bench.app.store.tail(cursor)
    expect(events.flatMap((one) => (one.type === 'AccessDenied' ? one.needs : []))).toEqual([
      'execution.start',
      'execution.start',
    ])
    // Whoever may plan and not start.
    expect(await asked('dave')).toEqual([403, 403])
    expect(given.bench.requests()).toBe(requests)
    expect(await onRecord(given, given.plan)).toEqual({ carried: [], uses: 0 })
    // Whoever may start and not plan carries what somebody else has made again.
    const rebase = await given.as('hero').post(`/api/v1/plans/${given.plan}/rebase`)
    expect([rebase.status, rebase.json.kind]).toEqual([403, 'not-authorised'])
    expect(given.bench.requests()).toBe(requests)
    for (const who of ['dave', 'hero'] as const)
      expect(await given.page(who, given.plan)).not.toContain('Plan it again')
  })
})
