import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, onTestFinished, test } from 'vitest'
import { recordedPlan } from '../../../src/change/plan/stored-plan.ts'
import { openEngineThread } from '../../../src/doors/http/act/engine-thread.ts'
import { httpApp } from '../../../src/doors/http/http-app.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { SEED } from '../../extent.ts'
import { type App, openLab, policyWith, SETTINGS, whileTimePasses, withRoles, workflowFor } from '../../lab/lab.ts'
import { idle, ORIGIN, type ServerBench, until } from '../../lab/server.ts'
import { dying, recordsIn } from './dying.ts'

const ENV = {
  GITHUB_HOOK: 'github-secret-0123456789',
  NETBOX_HOOK: 'whsec_bmV0Ym94LWtleS1uZXRib3gta2V5LTAxMjM0NTY3',
  ALERTS_TOKEN: 'alerts-token-0123456789',
  OTHER_TOKEN: 'other-token-0123456789',
  SHORT_TOKEN: 'hunter2',
}

const EVENTS = `events:
  - name: github
    verify: { github: '\${env:GITHUB_HOOK}' }
    on: { ref: refs/heads/main }
    requesters: { issuer: corp, members: [pusher.email] }
    plan: { workflow: workflows/leaf.yaml, params: '{% { "name": $event.data.name } %}' }
  - name: netbox
    verify: { standardWebhooks: '\${env:NETBOX_HOOK}' }
    plan: { workflow: workflows/leaf.yaml, params: { name: '{% $event.data.name %}' } }
  - name: alerts
    path: am
    verify: { bearer: '\${env:ALERTS_TOKEN}' }
    on: { status: [firing], commonLabels.team: net }
    run: { workflow: workflows/leaf.yaml, params: { name: ALERT } }
  - name: other
    verify: { bearer: '\${env:OTHER_TOKEN}' }
    plan: { workflow: workflows/leaf.yaml }
  - name: unset
    verify: { bearer: '\${env:UNSET_TOKEN}' }
    plan: { workflow: workflows/leaf.yaml }
  - name: short
    verify: { bearer: '\${env:SHORT_TOKEN}' }
    plan: { workflow: workflows/leaf.yaml }
`

const WORKFLOW = workflowFor('leaf1', {
  lines: ['vlan 998', '   name {{ name }}'],
  extra: "params: { name: { type: string, pattern: '[A-Z0-9-]{1,20}', default: TESTED } }",
})

/** A server that takes events. `policy` null: none. */
async function taking(policy: string | null = policyWith(), events = EVENTS) {
  return openLab({
    tags: withRoles,
    prepare: (lab) => {
      lab.write('workflows/leaf.yaml', WORKFLOW)
      lab.write('eosflow.yaml', SETTINGS + events)
      if (policy !== null) lab.write('policy.yaml', policy)
    },
  }).serve({ env: ENV })
}

interface Delivery {
  readonly to: string
  readonly body: string | Uint8Array | ReadableStream<Uint8Array>
  readonly headers: Readonly<Record<string, string>>
  readonly from?: string
}

/** The same server, started again: nothing is in its memory. */
function startedAgain(bench: ServerBench, app: App = bench.app) {
  const failed = (what: string, error: unknown) => void bench.failures.push(`${what}: ${String(error)}`)
  const room = openEngineThread({
    app,
    console: silentConsole(),
    most: 20,
    failed,
    rehearse: () => new Promise(() => undefined),
  })
  onTestFinished(async () => {
    await whileTimePasses(bench.lab.clock, room.end(AbortSignal.timeout(20_000)))
  })
  return { ...bench, room, front: { ...bench.front, acts: room } }
}

async function send(bench: ServerBench, { to, body, headers, from = '192.0.2.7' }: Delivery) {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, duplex: 'half' }
  const asked = httpApp(bench.front).request(`${ORIGIN}/api/v1/hooks/${to}`, init as RequestInit, {
    sender: { address: from, isPlain: false },
  })
  const answer = await whileTimePasses(bench.lab.clock, Promise.resolve(asked))
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
}

const PUSH = { ref: 'refs/heads/main', name: 'PUSHED', pusher: { name: 'bob', email: 'p-bob' } }

const ofGithub = (body: object | string, secret = ENV.GITHUB_HOOK) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const signature = createHmac('sha256', secret).update(text).digest('hex')
  const headers = {
    'x-hub-signature-256': `sha256=${signature}`,
    'x-github-event': 'push',
    'x-github-delivery': '72d3162e',
  }
  return { to: 'github', body: text, headers }
}

const ofNetbox = (bench: ServerBench, body: object | string, { id = 'msg_1', key = ENV.NETBOX_HOOK, age = 0 } = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const at = new Date(bench.lab.clock.now() - age * 1000)
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(key).sign(id, at, text),
  }
  return { to: 'netbox', body: text, headers }
}

const ALERT = {
  groupKey: '{}:{alertname="Down"}',
  status: 'firing',
  commonLabels: { team: 'net' },
  alerts: [{ status: 'firing', startsAt: '2026-01-05T07:59:00Z' }],
}
const ofAlerts = (body: object) => ({
  to: 'am',
  body: JSON.stringify(body),
  headers: { authorization: `Bearer ${ENV.ALERTS_TOKEN}` },
})

describe('an event', () => {
  test('makes a plan, as the service of its sender; whom it names is a requester, and its body is on record', async () => {
    const bench = await taking()
    const answer = await send(bench, ofGithub(PUSH))
    expect(answer).toMatchObject({ status: 202, json: { version: 1, outcome: 'begun' } })
    await idle(bench)
    const events = await bench.app.store.read(String(answer.json.execution))
    const made = events.find((event) => event.type === 'PlanMade')
    const { content } = await recordedPlan(bench.app.store, made?.plan ?? '')
    expect([content.requesters, content.workflow.params, content.devices.map(({ name }) => name)]).toEqual([
      [
        {
          issuer: 'hook',
          id: 'hook:github',
          kind: 'service',
          auth: 'os',
          named: [{ issuer: 'corp', id: 'p-bob', person: 'p-bob', unknown: true }],
        },
      ],
      { name: 'PUSHED' },
      ['leaf1'],
    ])
    expect(events.at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'planned' })
    // Who decides about it reads who has asked.
    const bob = bench.browser({ issuer: 'corp', id: 'bob', kind: 'person', auth: 'oidc', groups: ['leads'] })
    expect((await bob.get(`/plans/${made?.digest}`)).text).toContain(
      '; its event names corp:p-bob, who is nobody known',
    )
    const [received, ...more] = await recordsIn(bench, 'EventReceived', 'EventRefused')
    expect([received, more]).toEqual([
      expect.objectContaining({
        type: 'EventReceived',
        hook: 'github',
        address: '192.0.2.7',
        kind: 'push',
        actor: 'hook:github',
      }),
      [],
    ])
    expect(await bench.app.store.get(received?.type === 'EventReceived' ? received.body : '')).toBe(
      JSON.stringify(PUSH),
    )
    expect(bench.failures).toEqual([])
  })

  test('starts a change where the policy lets its sender, and the change waits for its approvals', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await taking()
    const { status, json } = await send(bench, ofAlerts(ALERT))
    expect([status, json.outcome]).toEqual([202, 'begun'])
    await idle(bench)
    const types = (await bench.app.store.read(String(json.execution))).map(({ type }) => type)
    expect([
      types.includes('ApprovalRequested'),
      types.includes('ApprovalUsed'),
      types.includes('ExecutionEnded'),
    ]).toEqual([true, false, false])
  })

  test('plans and starts nothing without a policy', async () => {
    const bench = await taking(null)
    expect(await send(bench, ofAlerts(ALERT))).toMatchObject({ status: 403, json: { kind: 'not-authorised' } })
    expect(bench.requests()).toBe(0)
    expect(await send(bench, ofNetbox(bench, { name: 'NETBOX' }))).toMatchObject({ status: 202 })
    await idle(bench)
    expect((await recordsIn(bench, 'AccessDenied', 'EventRefused', 'PlanMade')).map(({ type }) => type)).toEqual([
      'AccessDenied',
      'EventRefused',
      'PlanMade',
    ])
  })

  test('makes nothing where the settings want none like it', async () => {
    const bench = await taking()
    const other = ofGithub({ ...PUSH, ref: 'refs/heads/try' })
    expect(await send(bench, other)).toMatchObject({ status: 202, json: { outcome: 'ignored' } })
    expect(await send(bench, other)).toMatchObject({ status: 202, json: { outcome: 'known' } })
    expect(await send(bench, ofAlerts({ ...ALERT, status: 'resolved' }))).toMatchObject({
      json: { outcome: 'ignored' },
    })
    expect(await send(bench, ofAlerts({ ...ALERT, commonLabels: {} }))).toMatchObject({ json: { outcome: 'ignored' } })
    expect(await recordsIn(bench, 'EventReceived')).toMatchObject([
      { ignored: 'ref is another one' },
      { ignored: 'status is another one' },
      { ignored: 'it has no commonLabels.team' },
    ])
    expect([bench.requests(), await recordsIn(bench, 'ExecutionStarted')]).toEqual([0, []])
  })
})

describe('the same event', () => {
  test('[G109] begins one execution, however often and however close together it comes', async () => {
    const bench = await taking()
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(bench, ofNetbox(bench, { name: 'NETBOX' }))))
    expect(answers.map(({ status, json }) => [status, json.outcome])).toEqual([
      [202, 'begun'],
      ...Array.from({ length: 4 }, () => [202, 'known']),
    ])
    expect(new Set(answers.map(({ json }) => json.execution)).size).toBe(1)
    await idle(bench)
    expect(await recordsIn(bench, 'ExecutionStarted')).toHaveLength(1)
    expect(await recordsIn(bench, 'EventReceived')).toHaveLength(1)
  })

  test('begins one execution where the marks of decided events are lost, and one where the record of it was the last thing done', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await taking()
    await send(bench, ofGithub(PUSH))
    await idle(bench)
    const [taken] = await recordsIn(bench, 'EventReceived')
    expect(
      await bench.app.notes.take('event', `hook:github:${taken?.type === 'EventReceived' ? taken.event : ''}`),
    ).toBe('')
    expect(await send(startedAgain(bench), ofGithub(PUSH))).toMatchObject({ status: 202, json: { outcome: 'known' } })
    expect(await recordsIn(bench, 'EventReceived')).toHaveLength(1)
    // As a process that has died behind EventReceived leaves it: no execution, no mark, no answer.
    const sent = ofNetbox(bench, { name: 'NETBOX' })
    const received = (await recordsIn(bench, 'EventReceived'))[0]
    await bench.app.store.as({ issuer: 'hook', id: 'hook:netbox', auth: 'os' }).append(undefined, [
      {
        type: 'EventReceived',
        hook: 'netbox',
        event: 'msg_1',
        address: 'x',
        body: received?.type === 'EventReceived' ? received.body : '',
      },
    ])
    expect(await send(bench, sent)).toMatchObject({ json: { outcome: 'begun' } })
    await idle(bench)
    expect(await recordsIn(bench, 'ExecutionStarted')).toHaveLength(2)
  })

  test('[G109] begins one execution wherever its server dies on the way, before a write or behind it', {
    tags: 'long',
  }, async () => {
    const bench = await taking()
    const deaths: string[] = []
    for (const when of ['before', 'behind'] as const) {
      // Every second write, from the first or the second on.
      for (let at = 1 + (SEED % 2); ; at += 2) {
        const id = `msg_${when}_${at}`
        const { app, life } = dying(bench, at, when)
        const first = await send(startedAgain(bench, app), ofNetbox(bench, { name: 'NETBOX' }, { id }))
        if (first.status === 202 && !life.isOver) break
        deaths.push(`${when} ${at}`)
        const again = await send(startedAgain(bench), ofNetbox(bench, { name: 'NETBOX' }, { id }))
        expect([id, again.status]).toEqual([id, 202])
        const begun = (await recordsIn(bench, 'ExecutionStarted')).filter(
          (one) => one.type === 'ExecutionStarted' && one.request?.key === `hook:netbox:${id}`,
        )
        expect([id, begun.length]).toEqual([id, 1])
      }
    }
    // The event and its body, the execution, and what the plan writes while the sender waits for the answer.
    expect(deaths).toEqual(expect.arrayContaining([`before ${1 + (SEED % 2)}`, `behind ${1 + (SEED % 2)}`]))
    expect(deaths.length).toBeGreaterThanOrEqual(3)
  })

  test('under another delivery id is the same event, for that is not signed', { tags: ['long', 'turn'] }, async () => {
    const bench = await taking()
    const first = ofGithub(PUSH)
    await send(bench, first)
    const again = { ...first, headers: { ...first.headers, 'x-github-delivery': '00000000' } }
    expect(await send(bench, again)).toMatchObject({ json: { outcome: 'known' } })
    await idle(bench)
    expect(await recordsIn(bench, 'ExecutionStarted')).toHaveLength(1)
  })

  test('that was refused may be sent again when the reason is gone', { tags: ['long', 'turn'] }, async () => {
    const bench = await taking('version: 1\nrules: []\n')
    expect(await send(bench, ofNetbox(bench, { name: 'NETBOX' }))).toMatchObject({ status: 403 })
    bench.lab.write('policy.yaml', policyWith())
    expect(await send(bench, ofNetbox(bench, { name: 'NETBOX' }))).toMatchObject({ json: { outcome: 'begun' } })
    await idle(bench)
  })
})

describe('an attack', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  /** What is sent, what is answered, and the reason that is on record; undefined where nothing is. */
  const ATTACKS: readonly (readonly [string, (bench: ServerBench) => Delivery, number, RegExp | undefined])[] = [
    ['another secret', () => ofGithub(PUSH, 'github-secret-0123456780'), 401, /signature is not good/],
    [
      'a changed byte',
      () => ({ ...ofGithub(PUSH), body: JSON.stringify(PUSH).replace('PUSHED', 'PUSHEd') }),
      401,
      /signature is not good/,
    ],
    ['no signature', () => ({ ...ofGithub(PUSH), headers: {} }), 401, /no X-Hub-Signature-256/],
    ['the secret of another hook', () => ({ ...ofAlerts(ALERT), to: 'other' }), 401, /token is not good/],
    [
      'the event of another hook',
      (bench) => ({ ...ofNetbox(bench, PUSH), to: 'github' }),
      401,
      /no X-Hub-Signature-256/,
    ],
    ['a signature of six minutes ago', (bench) => ofNetbox(bench, {}, { age: 360 }), 401, /360 s ago/],
    ['a signature of in six minutes', (bench) => ofNetbox(bench, {}, { age: -360 }), 401, /360 s from now/],
    [
      'where the secret is not to be had',
      () => ({ ...ofAlerts(ALERT), to: 'unset', headers: { authorization: 'Bearer undefined' } }),
      502,
      /cannot be verified: .*UNSET_TOKEN/,
    ],
    [
      'where the secret can be guessed',
      () => ({ ...ofAlerts(ALERT), to: 'short', headers: { authorization: 'Bearer hunter2' } }),
      502,
      /cannot be verified: .*less than 16/,
    ],
    [
      'another id over the signature',
      (bench) => ({ ...ofNetbox(bench, {}), headers: { ...ofNetbox(bench, {}).headers, 'webhook-id': 'msg_2' } }),
      401,
      /signature is not good/,
    ],
    ['a hook that is not there', () => ({ ...ofGithub(PUSH), to: 'none' }), 404, undefined],
    ['a hook by its name, not by its path', () => ({ ...ofAlerts(ALERT), to: 'alerts' }), 404, undefined],
    ['a name of the machinery', () => ({ ...ofGithub(PUSH), to: '__proto__' }), 404, undefined],
    ['257 KiB', () => ofGithub(JSON.stringify({ ...PUSH, more: 'x'.repeat(262_144) })), 413, /too long/],
    ['2 MiB', () => ofGithub(JSON.stringify({ more: 'x'.repeat(2_097_152) })), 413, undefined],
    ['a member twice', () => ofGithub('{"ref":"refs/heads/main","ref":"x"}'), 422, /`ref`/],
    ['7,000 levels', () => ofGithub(deep(7_000)), 422, /nest|deep/],
    ['10,000 levels', () => ofGithub(deep(10_000)), 422, /more than 8,000 values/],
    ['130,000 numbers', () => ofGithub(`{"a":[${'0,'.repeat(130_000)}0]}`), 422, /more than 8,000 values/],
    ['no JSON', () => ofGithub('payload=%7B%7D'), 422, /JSON/],
    ['a line in a parameter', () => ofGithub({ ...PUSH, name: 'A\r\n!\r\nreload' }), 422, /name/],
    ['a secret in a parameter', (bench) => ofNetbox(bench, { name: ENV.OTHER_TOKEN }), 422, /holds a secret/],
    ['a parameter of another type', (bench) => ofNetbox(bench, { name: { $: 1 } }), 422, /name/],
    ['no parameter at all', (bench) => ofNetbox(bench, {}), 422, /leads to nothing/],
    ['nobody is named', () => ofGithub({ ...PUSH, pusher: {} }), 422, /names nobody/],
    ['a list of people', () => ofGithub({ ...PUSH, pusher: { email: ['p-bob', 'x'] } }), 422, /names nobody/],
  ]

  test('begins nothing, asks no switch for anything, and is on record with its reason', async () => {
    const bench = await taking()
    const found: unknown[] = []
    for (const [name, delivery, status, reason] of ATTACKS) {
      const before = (await recordsIn(bench, 'EventRefused')).length
      const answer = await send(bench, { ...delivery(bench), from: `192.0.2.${found.length + 10}` })
      const [refused] = (await recordsIn(bench, 'EventRefused')).slice(before)
      found.push([name, answer.status])
      expect([name, answer.status]).toEqual([name, status])
      if (reason === undefined) expect([name, refused]).toEqual([name, undefined])
      else expect(refused?.type === 'EventRefused' ? refused.reason : name).toMatch(reason)
      // Of whom nobody knows nothing is kept, and they are not told why.
      if (status !== 401) continue
      expect([answer.json.detail, refused?.type === 'EventRefused' && refused.body]).toEqual([
        'this is not from a sender that is known here',
        undefined,
      ])
    }
    expect(found).toHaveLength(26)
    expect([bench.requests(), await recordsIn(bench, 'ExecutionStarted')]).toEqual([0, []])
    expect(bench.failures).toEqual([])
  })

  test('that asks for more than a plan takes is answered with what is wrong in the event, which no file of the project is', async () => {
    const bench = await taking()
    const { status, json } = await send(bench, ofNetbox(bench, { name: 'x'.repeat(70_000) }))
    expect([status, json.problems]).toEqual([
      422,
      [
        {
          code: 'invalid-value',
          message: 'parameters have at most 65536 characters',
          at: { file: 'event', line: 1, column: 1 },
          hint: 'shorten them',
        },
      ],
    ])
  })

  test('by a body that never ends has nothing read of it', async () => {
    const bench = await taking()
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        controller.enqueue(Buffer.from('{"ref":'))
        await new Promise(() => undefined)
      },
    })
    const open = send(bench, { ...ofGithub(PUSH), body })
    const first = await Promise.race([
      open.catch(() => 'failed'),
      new Promise((resolve) => setTimeout(resolve, 50, 'waits')),
    ])
    expect([first, await recordsIn(bench, 'EventReceived', 'EventRefused')]).toEqual(['waits', []])
  })

  test('does not fill the record: of one network twenty refusals a minute, then how many are left out', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await taking()
    const wrong = (from: string) => send(bench, { ...ofGithub(PUSH, 'github-secret-0123456780'), from })
    for (let count = 0; count < 30; count += 1) expect((await wrong(`2001:db8::${count + 1}`)).status).toBe(401)
    expect((await wrong('192.0.2.67')).status).toBe(401)
    const refused = async () =>
      (await recordsIn(bench, 'EventRefused')).map((one) =>
        one.type === 'EventRefused' ? [one.address, one.leftOut] : [],
      )
    expect((await refused()).length).toBe(21)
    await bench.lab.clock.advance(60_000)
    await until(bench, async () => (await refused()).length === 22)
    expect((await refused()).at(-1)).toEqual(['2001:db8::30', 9])
  })

  test('by an address that sends without end is answered with the time to wait', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await taking()
    const seen: number[] = []
    for (let count = 0; count < 125; count += 1)
      seen.push((await send(bench, { ...ofGithub(PUSH), to: 'none', from: '2001:db8::1' })).status)
    expect([seen.filter((status) => status === 404).length, seen.slice(120)]).toEqual([120, [429, 429, 429, 429, 429]])
    // The other addresses of the same network are the same sender, others are not.
    expect((await send(bench, { ...ofGithub(PUSH), to: 'none', from: '2001:db8::2' })).status).toBe(429)
    expect((await send(bench, { ...ofGithub(PUSH), to: 'none', from: '192.0.2.1' })).status).toBe(404)
  })

  test('[E13] by whoever floods one hook from a shared address keeps no honest sender from another, and what is verified counts for nothing', {
    tags: 'long',
  }, async () => {
    const bench = await taking()
    const from = '192.0.2.1'
    const forged = async () => (await send(bench, { ...ofGithub(PUSH, 'another-secret-0123456789'), from })).status
    const honest = async (to: Delivery) => (await send(bench, { ...to, from })).status
    const seen: number[] = []
    for (let count = 0; count < 121; count += 1) seen.push(await forged())
    expect([seen.filter((status) => status === 401).length, seen.at(-1)]).toEqual([120, 429])
    expect(await honest(ofAlerts({ ...ALERT, status: 'resolved' }))).toBe(202)
    await bench.lab.clock.advance(61_000)
    // Each of these is the sender's, whatever it says.
    const own: number[] = []
    for (let count = 0; count < 122; count += 1) own.push(await honest(ofGithub({ ref: 'refs/heads/other' })))
    for (let count = 0; count < 122; count += 1) own.push(await honest(ofGithub('{')))
    expect([own.filter((status) => status === 202).length, own.filter((status) => status === 422).length]).toEqual([
      122, 122,
    ])
  })

  test('that has a secret in its body does not have it kept', async () => {
    const bench = await taking()
    const encoded = Buffer.from(ENV.GITHUB_HOOK).toString('base64')
    const sent = { ...PUSH, ref: 'x', a: ENV.GITHUB_HOOK, b: encoded }
    expect(await send(bench, ofGithub(sent))).toMatchObject({ json: { outcome: 'ignored' } })
    const [received] = await recordsIn(bench, 'EventReceived')
    const body = await bench.app.store.get(received?.type === 'EventReceived' ? received.body : '')
    expect([body.includes(ENV.GITHUB_HOOK), body.includes(encoded), body.includes('"ref":"x"')]).toEqual([
      false,
      false,
      true,
    ])
  })

  test('that has a secret in its body as its sender has encoded it does not have it kept either', async () => {
    const bench = await taking()
    // Go writes `<` and `&` so, and Python what is no ASCII: whoever reads the body reads the secret.
    const encoded = ENV.GITHUB_HOOK.replace('-', '\\u002d').replace('g', '\\u0067')
    const text = `{"ref":"x","deep":[{"a":"${encoded}"}],"n":1.50}`
    expect(await send(bench, ofGithub(text))).toMatchObject({ json: { outcome: 'ignored' } })
    const [received] = await recordsIn(bench, 'EventReceived')
    const body = await bench.app.store.get(received?.type === 'EventReceived' ? received.body : '')
    expect([body.includes('ithub'), JSON.stringify(JSON.parse(body)).includes('"ref":"x"')]).toEqual([false, true])
  })

  test.each([
    ['says it twice', '"a":1,"a":2'],
    ['has more values than are read', `"a":[${'0,'.repeat(8_000)}0]`],
  ])('that is refused because it %s does not have an encoded secret kept', async (_, members) => {
    const bench = await taking()
    const encoded = ENV.GITHUB_HOOK.replace('-', '\\u002d').replace('g', '\\u0067')
    const plain = `{"b":"\\u0041",${members}}`
    const bodies: string[] = []
    for (const text of [plain, `{"b":"${encoded}",${members}}`]) {
      expect(await send(bench, ofGithub(text))).toMatchObject({ status: 422 })
      const refused = (await recordsIn(bench, 'EventRefused')).at(-1)
      bodies.push(await bench.app.store.get((refused?.type === 'EventRefused' && refused.body) || ''))
    }
    // What holds no secret is kept byte for byte.
    expect([bodies[0] === plain, bodies[1]?.includes('ithub'), bodies[1]?.includes(members)]).toEqual([
      true,
      false,
      true,
    ])
  })
})

test('a notification that comes back as an event makes nothing: what it makes would be the next notification', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await taking()
  const headers = { authorization: `Bearer ${ENV.OTHER_TOKEN}`, 'content-type': 'application/cloudevents+json' }
  const notification = (source: string) => ({
    to: 'other',
    headers,
    body: JSON.stringify({ specversion: '1.0', id: `${source}/-/7`, source, type: 'eosflow.plan.made.v1', data: {} }),
  })
  expect(await send(bench, notification(bench.app.store.id))).toMatchObject({ json: { outcome: 'ignored' } })
  expect(await bench.app.store.executionIds()).toEqual([])
  // That of another installation is an event like any other.
  expect(await send(bench, notification('eosflow.audit/2f1c8a40d3b7e965'))).toMatchObject({
    json: { outcome: 'begun' },
  })
})

test('[P20] an event is for the switches that its entry selects, and for no others of the workflow', async () => {
  const entry = "OTHER_TOKEN}' }\n    plan: { workflow: workflows/leaf.yaml"
  expect(EVENTS).toContain(entry)
  const bench = await taking(policyWith(), EVENTS.replace(entry, `${entry}, targets: leaf3`))
  bench.lab.write('workflows/leaf.yaml', WORKFLOW.replace('targets: leaf1', 'targets: leaf1 or leaf3'))
  const headers = { authorization: `Bearer ${ENV.OTHER_TOKEN}` }
  const { json } = await send(bench, { to: 'other', body: '{}', headers })
  await idle(bench)
  const [begun] = await bench.app.store.read(String(json.execution))
  expect(begun).toMatchObject({ type: 'ExecutionStarted', targets: ['leaf3'] })
})
