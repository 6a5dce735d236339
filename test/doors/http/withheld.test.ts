// @module-tag long

import { expect, test } from 'vitest'
import type { Principal } from '../../../src/model/principal.ts'
import { openLab, workflowFor } from '../../lab/lab.ts'
import { idle, type ServerBench } from '../../lab/server.ts'
import { linesOf } from '../../table.ts'

const corp = (id: string, groups: readonly string[] = []): Principal => ({
  issuer: 'corp',
  id,
  kind: 'person',
  auth: 'oidc',
  groups,
  authenticatedAt: '2026-01-05T07:58:00Z',
})
/** An operator, one who begins and does not read, and those for whom there is one switch, no plan, or no rule. */
const [ALICE, SAM, EVE, RITA, DAVE] = [corp('alice', ['netops']), corp('sam'), corp('eve'), corp('rita'), corp('dave')]
const POLICY = `version: 1
roles: { operator: { members: ["corp:group:netops"] }, one: { members: ["corp:sub:eve"] }, starter: { members: ["corp:sub:sam"] }, reader: { members: ["corp:sub:rita"] } }
rules:
  - id: all
    allow: [workflow.list, plan.create, plan.read, execution.read, execution.start, execution.stop, task.snapshot, baseline.set, notice.end, task.plan, task.push, task.verify, task.confirm, task.rollback]
    to: [operator]
  - { id: leaf1, allow: [plan.create, execution.read, execution.stop, task.snapshot], to: [one], on: { devices: [leaf1] } }
  - { id: read, allow: [execution.read], to: [reader] }
  - { id: start, allow: [plan.create, execution.start], to: [starter] }
`
const LABELLED = workflowFor('leaf2', {
  lines: ['vlan 998', '   name {{ label }}'],
  extra: 'params: { label: { type: string, default: A } }',
})

async function office(): Promise<ServerBench> {
  return openLab({ policy: POLICY, files: { 'workflows/leaf2.yaml': LABELLED } }).serve({
    tokens: { alice: ALICE, sam: SAM, eve: EVE, rita: RITA, dave: DAVE },
  })
}

const ask = (bench: ServerBench, who: string, path: string) => bench.ask('GET', path, { token: who })
const send = (bench: ServerBench, who: string, path: string, body: object, headers = {}) =>
  bench.ask('POST', path, { token: who, body, headers })

/** A change of alice on leaf2, which waits for its approval. */
async function waiting(bench: ServerBench) {
  const { json } = await send(bench, 'alice', '/api/v1/executions', { workflow: 'workflows/leaf2.yaml' })
  await idle(bench)
  return String(json.execution)
}

test('whoever may compare one switch is shown no other one, whatever snapshot has it', async () => {
  const bench = await office()
  await send(bench, 'alice', '/api/v1/snapshots', { name: 'small', targets: 'leaf1' })
  await send(bench, 'alice', '/api/v1/snapshots', { name: 'large', targets: 'leaf1 or leaf2' })
  await send(bench, 'alice', '/api/v1/snapshots', { name: 'later', targets: 'leaf1' })
  const paths = ['/api/v1/snapshots/small/diff/large', '/api/v1/snapshots/large/diff/small']
  for (const path of [...paths, '/snapshots/diff?before=small&after=large']) {
    expect((await ask(bench, 'alice', path)).status).toBe(200)
    const answer = await ask(bench, 'eve', path)
    expect([path, answer.status, answer.text.includes('leaf2')]).toEqual([path, 404, false])
  }
  expect((await ask(bench, 'eve', '/api/v1/snapshots/small/diff/later')).json.equal).toBe(true)
})

test('whoever may not read an execution learns from no header and no prefix that it is there', async () => {
  const bench = await office()
  const id = await waiting(bench)
  for (const word of [id, id.slice(0, 12), '@latest', '20200101-000000-00000000'])
    for (const act of ['stop', 'suspend', 'resume', 'redrive']) {
      const answer = await send(bench, 'eve', `/api/v1/executions/${word}/${act}`, {}, { 'if-match': '"1"' })
      const { detail } = answer.json
      expect([word, act, answer.status, detail]).toEqual([word, act, 404, 'there is no such execution'])
    }
  expect((await send(bench, 'alice', `/api/v1/executions/${id}/stop`, {}, { 'if-match': '"1"' })).status).toBe(412)
})

test('a key belongs to who has used it, to one kind of request and to its parameters', async () => {
  const bench = await office()
  const change = { workflow: 'workflows/leaf2.yaml', key: 'CHG-1' }
  const first = await send(bench, 'alice', '/api/v1/plans', { ...change, params: { label: 'A' } })
  const id = String(first.json.execution)
  await idle(bench)
  const again = await send(bench, 'alice', '/api/v1/plans', { ...change, params: { label: 'A' } })
  expect([again.status, again.json]).toEqual([200, { version: 1, execution: id, known: true }])
  // Who would take this answer for that of their own request would have another change approved.
  const other = await send(bench, 'alice', '/api/v1/plans', { ...change, params: { label: 'B' } })
  expect([other.status, other.json.kind]).toEqual([409, 'stale'])
  // Nothing but a plan was begun under it: it is no answer to whoever wants the change to be made.
  const begun = await send(bench, 'alice', '/api/v1/executions', { ...change, params: { label: 'A' } })
  expect([begun.status, begun.json.kind]).toEqual([409, 'stale'])
  for (const [who, status] of [
    ['sam', 409],
    ['eve', 403],
    ['dave', 403],
  ] as const)
    for (const label of ['A', 'B']) {
      const asked = await send(bench, who, '/api/v1/executions', { ...change, params: { label } })
      expect([who, asked.status, asked.text.includes(id)]).toEqual([who, status, false])
    }
  const seen = await send(bench, 'sam', '/api/v1/plans', { ...change, params: { label: 'A' } })
  expect([seen.status, seen.text.includes(id)]).toEqual([409, false])
})

test('a refusal of somebody without a rule names no switch, no workflow and no execution', async () => {
  const bench = await office()
  const id = await waiting(bench)
  await send(bench, 'alice', '/api/v1/snapshots', { name: 'secret-name', targets: 'leaf2' })
  const gets = linesOf(`
    /api/v1/executions
    /api/v1/executions?switch=leaf2
    /api/v1/switches
    /api/v1/snapshots
    /api/v1/workflows
    /workflows
    /api/v1/stream?topics=overview
    /api/v1/audit/records
    /
    /executions
    /switches
    /snapshots
    /stop-all
  `)
  const answers = [
    ...(await Promise.all(gets.map(async (path) => [path, await ask(bench, 'dave', path)] as const))),
    ...(await Promise.all(
      [
        { workflow: 'workflows/leaf2.yaml' },
        { workflow: 'workflows/leaf3.yaml' },
        { workflow: 'policy.yaml' },
        { workflow: 'workflows/leaf2.yaml', targets: 'leef2' },
        { workflow: 'workflows/leaf2.yaml', params: { lable: 'x' } },
      ].flatMap((body) =>
        ['/api/v1/plans', '/api/v1/executions'].map(
          async (path) => [JSON.stringify(body), await send(bench, 'dave', path, body)] as const,
        ),
      ),
    )),
  ]
  expect(answers).toHaveLength(23)
  for (const [what, { status, text }] of answers) {
    const names = ['leaf1', 'leaf2', 'label', 'roles', 'secret-name', 'netops', 'rita', id].filter(
      (one) => !what.includes(one),
    )
    expect([what, status, names.filter((one) => text.includes(one))]).toEqual([what, 403, []])
  }
})

test('nobody lists the switches of the inventory by asking what the policy says of them', {
  tags: 'turn',
}, async () => {
  const bench = await office()
  const named = async (who: string, targets: string) => {
    const { status, text } = await ask(bench, who, `/api/v1/policy/explain?action=execution.start&targets=${targets}`)
    const page = await ask(bench, who, `/policy?action=execution.start&switch=${targets}`)
    const all = ['leaf1', 'leaf2', 'spine1'].filter((name) => (text + page.text).includes(name))
    return [status, page.status, all]
  }
  expect(await named('alice', '*1')).toEqual([200, 200, ['leaf1', 'leaf2', 'spine1']])
  expect(await named('eve', '*')).toEqual([200, 200, ['leaf1']])
  expect(await named('eve', 'mlag:leaf-1')).toEqual([200, 200, ['leaf1']])
  expect(await named('eve', 'leaf')).toEqual([422, 422, ['leaf1']])
  expect(await named('dave', '*')).toEqual([422, 422, []])
})

test('the record of a change holds its plan: who may not see the plan is not given it', async () => {
  const bench = await office()
  const id = await waiting(bench)
  await bench.app.audit?.checkpoint()
  expect((await ask(bench, 'alice', `/executions/${id}/report.html`)).text).toContain('vlan 998')
  const plan = String((await ask(bench, 'rita', `/api/v1/executions/${id}`)).json.plan)
  expect((await ask(bench, 'rita', `/api/v1/plans/${plan}`)).status).toBe(404)
  const report = await ask(bench, 'rita', `/executions/${id}/report.html`)
  expect([report.status, report.text.includes('vlan 998')]).toEqual([403, false])
})

test('what was found of switches is counted for whoever may read them', async () => {
  const bench = await office()
  const found = ['leaf1', 'leaf2'].map((name) => ({ name, state: name === 'leaf2' ? 'differs' : 'same' }))
  await bench.front.drift.take({ devices: found }, new Date(bench.lab.clock.now()).toISOString())
  const shown = async (who: string) => /(\d+) differ/.exec((await ask(bench, who, '/')).text)?.[0]
  expect(await shown('alice')).toMatch(/^1 differ/)
  expect(await shown('eve')).not.toMatch(/^1 differ/)
})

test('whoever may not see a plan is not given a challenge of it, nor told that it is there', async () => {
  const bench = await office()
  const id = await waiting(bench)
  const plan = String((await ask(bench, 'alice', `/api/v1/executions/${id}`)).json.plan)
  expect(plan).toMatch(/^sha256:/)
  const none = `sha256:${'0'.repeat(64)}`
  const dave = bench.browser(DAVE)
  for (const digest of [plan, none]) {
    const asked = await dave.post(`/api/v1/plans/${digest}/challenges`, {})
    expect([asked.status, asked.json.detail]).toEqual([404, 'there is no such plan'])
    const again = await dave.form(`/plans/${digest}/decisions`, { decision: 'approve-by-sign-in' })
    expect([again.status, again.json.detail]).toEqual([404, 'there is no such plan'])
  }
})

test('no file but a workflow is read for a request: no answer quotes the keys of the store', async () => {
  const bench = await office()
  bench.lab.write('.eosflow/quoted.key', `${'5eed'.repeat(16)}\n`)
  bench.lab.write('.hidden.yaml', '5eed5eed')
  bench.lab.write('notes.txt', '5eed5eed')
  const files = [
    '.eosflow/quoted.key',
    '.eosflow/install.key',
    '.eosflow/checkpoint.key',
    './.eosflow/quoted.key',
    'workflows/../.eosflow/quoted.key',
    'workflows/..\\.eosflow\\quoted.key',
    '.hidden.yaml',
    'notes.txt',
    'inventory.yaml',
    'policy.yaml',
    'eosflow.yaml',
    '../workflow.yaml',
    '/etc/passwd',
  ]
  for (const workflow of files)
    for (const path of ['/api/v1/plans', '/api/v1/executions']) {
      const { status, json, text } = await send(bench, 'alice', path, { workflow })
      expect([workflow, status, json.detail, text.includes('5eed')]).toEqual([
        workflow,
        404,
        'there is no such workflow',
        false,
      ])
    }
})

test('an execution, a snapshot and a drift that somebody may not see have no name on the pages of a switch that they may', {
  tags: 'turn',
}, async () => {
  const bench = await office()
  bench.lab.write('workflows/both.yaml', workflowFor('leaf1 or leaf2'))
  const begun = await send(bench, 'alice', '/api/v1/executions', { workflow: 'workflows/both.yaml' })
  const id = String(begun.json.execution)
  await idle(bench)
  await send(bench, 'alice', '/api/v1/snapshots', { name: 'secret-name', targets: 'leaf1 or leaf2' })
  await send(bench, 'alice', '/drift-checks', {})
  expect((await ask(bench, 'eve', `/api/v1/executions/${id}`)).status).toBe(404)
  const paths = ['/', '/switches', '/switches/leaf1', '/api/v1/switches/leaf1', '/executions?switch=leaf1']
  const drift = await send(bench, 'eve', '/api/v1/drift-checks', { targets: 'leaf1' })
  expect([drift.status, drift.json.devices]).toMatchObject([200, [{ name: 'leaf1', source: { kind: 'snapshot' } }]])
  const answers = [drift.text, ...(await Promise.all(paths.map(async (path) => (await ask(bench, 'eve', path)).text)))]
  for (const [index, text] of answers.entries())
    expect([index, text.includes('leaf1'), text.includes(id), text.includes('secret-name')]).toEqual([
      index,
      index !== 1,
      false,
      false,
    ])
  expect(answers).toHaveLength(6)
  const seen = [await ask(bench, 'alice', '/switches/leaf1'), await ask(bench, 'alice', '/switches')]
  for (const { text } of seen) expect(text).toContain('secret-name')
  // Rita may read the switches, and have none read: how they differed is not for her.
  await bench.front.drift.take({ devices: [{ name: 'leaf1', state: 'differs' }] }, '2026-01-05T08:00:00Z')
  expect((await ask(bench, 'alice', '/switches')).text).toContain('compared: 1 differs')
  for (const path of ['/switches', '/'])
    expect((await ask(bench, 'rita', path)).text).not.toMatch(/\d compared|1 differs/)
})

test('a selector and a denial name no switch that somebody may not see, and say of it what they say of one that is not there', {
  tags: 'turn',
}, async () => {
  const bench = await office()
  const posts = ['/api/v1/drift-checks', '/api/v1/snapshots', '/api/v1/plans', '/api/v1/check-runs']
  const said: string[] = []
  for (const path of posts) {
    for (const targets of ['leaf2', 'leaf9', 'leaf2 or leaf1', '*', undefined]) {
      const body = path.endsWith('plans') ? { workflow: 'workflows/leaf2.yaml' } : {}
      const answer = await send(bench, 'eve', path, targets === undefined ? body : { ...body, targets })
      const named = ['leaf2', 'spine1', 'leaf3'].filter((one) => one !== targets && answer.text.includes(one))
      const kind = `${path} ${String(targets)}: ${answer.status}`
      expect([kind, answer.status >= 400, named.filter((one) => !String(targets).includes(one))]).toEqual([
        kind,
        true,
        [],
      ])
      said.push(
        JSON.stringify([answer.status, answer.json.problems ?? answer.json.detail]).replaceAll(String(targets), 'X'),
      )
    }
  }
  expect(said).toHaveLength(20)
  for (const [hidden, none] of [
    [said[0], said[1]],
    [said[5], said[6]],
    [said[10], said[11]],
    [said[15], said[16]],
  ])
    expect(hidden).toBe(none)
})

test('no list and no denial that is about every switch names one that somebody may not see', {
  tags: 'turn',
}, async () => {
  const bench = await office()
  for (const path of ['/api/v1/executions?switch=', '/executions?switch=']) {
    const [hidden, none] = [await ask(bench, 'eve', `${path}leaf2`), await ask(bench, 'eve', `${path}leaf9`)]
    expect([hidden.status, hidden.text.replaceAll('leaf2', 'X')]).toEqual([422, none.text.replaceAll('leaf9', 'X')])
  }
  for (const path of ['/api/v1/freezes', '/api/v1/drift-checks', '/api/v1/snapshots', '/api/v1/stop-all']) {
    const { status, text } = await send(
      bench,
      'dave',
      path,
      path.endsWith('checks') || path.endsWith('shots') ? {} : { reason: 'x' },
    )
    expect([path, status, /leaf|spine/.test(text)]).toEqual([path, status === 202 ? 202 : 403, false])
  }
  for (const path of ['/freeze', '/']) expect((await ask(bench, 'dave', path)).text).not.toMatch(/leaf\d|spine\d/)
  expect((await ask(bench, 'eve', '/freeze')).text).not.toContain('leaf2')
})

test('why somebody has frozen everything is told to whoever may read something, or end it', async () => {
  const bench = await office()
  await send(bench, 'alice', '/api/v1/freezes', { reason: 'the merger is announced' })
  const told = async (who: string) => {
    const { status, text } = await ask(bench, who, '/unfreeze')
    return [who, status, text.includes('merger')]
  }
  expect(await told('alice')).toEqual(['alice', 200, true])
  expect(await told('rita')).toEqual(['rita', 200, true])
  expect(await told('sam')).toEqual(['sam', 403, false])
  expect(await told('dave')).toEqual(['dave', 403, false])
})

test('a check since a snapshot that somebody may not see is one since none, and no hint names any', async () => {
  const bench = await office()
  bench.lab.write('checks.yaml', '- reachable\n')
  await send(bench, 'alice', '/api/v1/snapshots', { name: 'secret-name', targets: 'leaf2' })
  for (const since of ['secret-name', 'secret-nam']) {
    const { status, json, text } = await send(bench, 'eve', '/api/v1/check-runs', { since, targets: 'leaf1' })
    expect([since, status, json.detail, text.includes('secret-name')]).toEqual([
      since,
      404,
      'there is no such snapshot',
      false,
    ])
  }
})

test('[B2] a name that a snapshot of other switches has tells neither that nor when it was taken', async () => {
  const bench = await office()
  await send(bench, 'alice', '/api/v1/snapshots', { name: 'secret-name', targets: 'leaf2' })
  const refused = await send(bench, 'eve', '/api/v1/snapshots', { name: 'secret-name', targets: 'leaf1' })
  expect([refused.status, /already|20\d\d-|taken-name/.test(refused.text)]).toEqual([422, false])
  expect(refused.text).toContain('no snapshot can be taken under this name')
  // Whoever may see it is told, as before.
  const told = await send(bench, 'alice', '/api/v1/snapshots', { name: 'secret-name', targets: 'leaf1' })
  expect(told.text).toContain('there is a snapshot of this name already')
})

test('[B2] whoever may see no switch and no execution that there is hears no tick of the overview', async () => {
  const bench = await openLab({ policy: POLICY.replace('devices: [leaf1]', 'devices: [leaf9]') }).serve({
    tokens: { eve: EVE },
  })
  const { status, text } = await ask(bench, 'eve', '/api/v1/stream?topics=overview')
  expect([status, text.includes('overview')]).toEqual([403, false])
})
