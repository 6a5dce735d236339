import { EventEmitter } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { readState } from '../../../src/change/engine/fold.ts'
import type { EngineMessage, FrontMessage } from '../../../src/doors/http/context/message.ts'
import { requireServable, serve } from '../../../src/doors/http/serve.ts'
import { Secret } from '../../../src/model/secret.ts'
import { serverSettings } from '../../../src/project/files/settings/server-settings.ts'
import {
  ANN,
  type Lab,
  openAppIn,
  openLab,
  partOf,
  seamsOf,
  temporaryFolder,
  whileTimePasses,
  workflowFor,
} from '../../lab/lab.ts'

/** A front that says what a test has it say. */
class FakeFront extends EventEmitter {
  readonly heard: EngineMessage[] = []

  say(message: FrontMessage) {
    this.emit('message', message)
  }

  postMessage(message: EngineMessage) {
    this.heard.push(message)
  }

  async terminate() {
    return 0
  }
}

const LISTENS: FrontMessage = { kind: 'listening', port: 7474, origin: 'http://localhost:7474' }

async function served(lab: Lab = openLab(), first = LISTENS) {
  const opened = await openAppIn(lab.dir, ANN, { seams: seamsOf(lab) })
  const fronts: { readonly front: FakeFront; readonly port: number | undefined }[] = []
  const told: string[] = []
  const stop = new AbortController()
  const ended = serve({
    app: opened.app,
    principal: ANN,
    console: { tell: (text) => told.push(text), stop: stop.signal },
    settings: serverSettings.parse({}),
    front: (port) => {
      const front = new FakeFront()
      fronts.push({ front, port })
      setImmediate(() => front.say(first))
      return partOf<Worker>(front)
    },
    verify: () => new Promise(() => undefined),
    rehearse: () => new Promise(() => undefined),
    listening: () => told.push('listening'),
  })
  ended.catch(() => undefined)
  onTestFinished(async () => {
    stop.abort()
    await whileTimePasses(
      lab.clock,
      ended.catch(() => undefined),
    )
    await opened.close()
  })
  const idle = async (holds: () => boolean | Promise<boolean>) => {
    for (let look = 0; look < 500 && !(await holds()); look += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      if (lab.clock.sleeping > 0) await lab.clock.next()
    }
    expect(await holds()).toBe(true)
  }
  return { lab, app: opened.app, fronts, told, stop, ended, idle }
}

const answered = ({ front }: { front: FakeFront }, id: number) =>
  front.heard.find((message) => 'id' in message && message.id === id)

test('[U25] a workflow that an alert asks for and that is not there is told at once', async () => {
  const lab = openLab()
  lab.write(
    'eosflow.yaml',
    `version: 1
events:
  - name: alerts
    verify: { bearer: '\${env:ALERTS_TOKEN}' }
    plan: { workflow: workflows/ntpp.yaml }
  - name: good
    verify: { bearer: '\${env:ALERTS_TOKEN}' }
    plan: { workflow: workflow.yaml }
`,
  )
  const { told, idle } = await served(lab)
  await idle(() => told.includes('listening'))
  expect(told.filter((text) => text.startsWith('! '))).toEqual([
    `! eosflow.yaml:5:23: there is no workflow workflows/ntpp.yaml in the project
    Name the file of a workflow, from the root of the project.
`,
  ])
})

test('a front that dies is started again at its port, and the execution that it asked for goes on', async () => {
  const { app, fronts, told, idle } = await served()
  await idle(() => fronts.length === 1)
  fronts[0]?.front.say({
    kind: 'act',
    id: 1,
    act: 'start',
    asker: { principal: ANN },
    input: { workflow: 'workflow.yaml' },
  })
  await idle(() => answered(fronts[0] as never, 1) !== undefined)
  fronts[0]?.front.emit('exit', 1)
  await idle(() => fronts.length === 2)
  expect(fronts.map(({ port }) => port)).toEqual([undefined, 7474])
  expect(told.filter((text) => text === 'listening')).toHaveLength(1)
  expect(told.join('')).toMatch(
    /the thread of the front has ended\n! the front has ended; it is started again, and executions go on/,
  )
  const [open] = await app.store.openExecutions()
  await idle(async () => (await app.store.read(open?.id ?? '')).some(({ type }) => type === 'ApprovalRequested'))
  // The new front is answered, and a late answer of the old one is lost with it.
  fronts[1]?.front.say({ kind: 'act', id: 1, act: 'stop-all', asker: { principal: ANN }, input: { reason: 'x' } })
  await idle(() => answered(fronts[1] as never, 1) !== undefined)
  expect(answered(fronts[1] as never, 1)).toMatchObject({ kind: 'done', value: { asked: [open?.id] } })
})

test('a server opens notices, and sends programs and sinks what they lack, beside everything else', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  const folder = temporaryFolder()
  const script = join(folder, 'page')
  writeFileSync(script, `#!/bin/sh\ncat >> ${folder}/out\n`, { mode: 0o700 })
  lab.write(
    'eosflow.yaml',
    `version: 1
notify: { targets: [{ name: pager, exec: [${script}] }] }
audit: { sinks: [{ name: archive, format: jsonl, file: out/archive.jsonl }] }
`,
  )
  const { app, fronts, idle, stop, ended } = await served(lab)
  await idle(() => fronts.length === 1)
  await idle(async () => (await app.audit?.delivery('notify pager')) !== undefined)
  await app.journalAs(ANN).append(undefined, [{ type: 'DriftCompared', differs: ['leaf1'], same: [] }])
  const out = () => (existsSync(join(folder, 'out')) ? readFileSync(join(folder, 'out'), 'utf8') : '')
  await idle(async () => (await app.audit?.delivery('sink archive')) !== undefined)
  // The program is a real one: it takes its time while that of the lab stands still.
  for (let look = 0; look < 1_000 && !out().endsWith('}'); look += 1) {
    await lab.clock.advance(look % 20 === 0 ? 100 : 0)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  stop.abort()
  await whileTimePasses(lab.clock, ended)
  expect([...out().matchAll(/"type":"(eosflow[^"]*)"/g)].map(([, type]) => type)).toEqual(['eosflow.notice.opened.v1'])
  expect(lab.read('out/archive.jsonl')).toContain('"type":"NoticeOpened"')
})

test('a port that is taken is said once, by who has asked for a server', async () => {
  const fault = { kind: 'busy', message: 'another process listens on 127.0.0.1 port 7474' } as const
  const { lab, told, ended } = await served(openLab(), { kind: 'unable', fault })
  expect(
    await whileTimePasses(
      lab.clock,
      ended.catch((error: unknown) => error),
    ),
  ).toMatchObject({ fault })
  expect(told).toEqual([])
})

test('what the front says is judged once more: an act that is none, a wrong input and a denial are answered as such', async () => {
  const { fronts, idle } = await served()
  await idle(() => fronts.length === 1)
  const bot = { issuer: 'ci', id: 'bot', kind: 'agent', auth: 'oidc' } as const
  const asked: [EngineMessage | object, object][] = [
    [
      { act: 'start', asker: { principal: ANN }, input: { workflow: 'workflow.yaml', extra: 1 } },
      { fault: { kind: 'input' } },
    ],
    [{ act: 'stop', asker: { principal: ANN }, input: { execution: 'none' } }, { fault: { kind: 'no-route' } }],
    [
      { act: 'start', asker: { principal: bot }, input: { workflow: 'workflow.yaml' } },
      { fault: { kind: 'not-authorised' } },
    ],
    [{ act: 'refuse', asker: { principal: ANN }, input: { needs: 'audit.read' } }, { value: {} }],
    [{ act: 'format-disk', asker: { principal: ANN }, input: {} }, { fault: { kind: 'bug' } }],
  ]
  for (const [index, [message]] of asked.entries()) {
    fronts[0]?.front.say({ kind: 'act', id: index, ...(message as object) } as FrontMessage)
    await idle(() => answered(fronts[0] as never, index) !== undefined)
  }
  expect(asked).toHaveLength(5)
  for (const [index, [, expected]] of asked.entries())
    expect(answered(fronts[0] as never, index)).toMatchObject(expected)
})

test('at its end nothing new begins, the front is told, and a second server is refused while the first one lives', async () => {
  const { lab, fronts, stop, ended, idle } = await served()
  await idle(() => fronts.length === 1)
  stop.abort()
  await idle(() => fronts[0]?.front.heard.some(({ kind }) => kind === 'ending') === true)
  fronts[0]?.front.say({
    kind: 'act',
    id: 9,
    act: 'start',
    asker: { principal: ANN },
    input: { workflow: 'workflow.yaml' },
  })
  await idle(() => answered(fronts[0] as never, 9) !== undefined)
  expect(answered(fronts[0] as never, 9)).toMatchObject({ kind: 'failed', fault: { kind: 'busy' } })
  expect(await whileTimePasses(lab.clock, ended)).toEqual({ left: [] })
  const first = await served(lab)
  await first.idle(() => first.fronts.length === 1)
  const second = await served(lab)
  const refused = second.ended.catch((error: unknown) => error)
  expect(await whileTimePasses(lab.clock, refused)).toMatchObject({
    kind: 'busy',
    message: 'another server serves this store',
  })
})

test('beyond this machine a server needs to know who asks, and a policy', () => {
  const beyond = { listen: '10.0.0.5:443', publicUrl: 'https://eosflow.example', trustedProxy: ['10.0.0.4'] }
  const settings = { server: serverSettings.parse(beyond) }
  const bare = { settings, policyPresent: false } as Parameters<typeof requireServable>[0]
  expect(() => requireServable(bare)).toThrow(/must know who asks\n.*a policy must say/)
  expect(() =>
    requireServable({ ...bare, settings: { ...settings, identity: { issuers: [] } } as never, policyPresent: true }),
  ).not.toThrow()
  // A proxy on this machine shows it to others.
  for (const shown of [{ trustedProxy: ['127.0.0.1'] }, { publicUrl: 'https://eosflow.example' }])
    expect(() => requireServable({ ...bare, settings: { server: serverSettings.parse(shown) } as never })).toThrow(
      /must know who asks/,
    )
  const here = { server: serverSettings.parse({ publicUrl: 'https://localhost:7474' }) } as never
  expect(() => requireServable({ ...bare, settings: here })).not.toThrow()
  expect(serverSettings.safeParse({ listen: '10.0.0.5:443' }).error?.issues[0]?.message).toBe(
    'beyond this machine it must be reached over TLS',
  )
  expect(serverSettings.safeParse({ ...beyond, publicUrl: 'http://eosflow.example' }).success).toBe(false)
  // Tokens would go over the network as they are.
  for (const more of [{}, { trustedProxy: ['127.0.0.1'] }])
    expect(serverSettings.safeParse({ ...more, publicUrl: 'http://eosflow.example' }).success).toBe(false)
  for (const listen of ['localhost', '7474', '127.0.0.1:70000', 'eosflow.example:80', '127.0.0.1:80/x'])
    expect([listen, serverSettings.safeParse({ listen }).success]).toEqual([listen, false])
  for (const listen of ['127.0.0.1:0', '[::1]:7474', 'localhost:80', '127.9.9.9:1'])
    expect([listen, serverSettings.safeParse({ listen }).success]).toEqual([listen, true])
})

test('who asks to go on with an execution that runs is refused, and the server still sees it through at its end', {
  tags: ['long', 'turn'],
}, async () => {
  const verify = '{ within: 15m, stableFor: 10m, every: 2s, checks: [reachable, { vlans-present: { vlans: [998] } }] }'
  const workflow = workflowFor('leaf1', { push: '{ confirmWithin: 20m }', verify })
  const { app, fronts, stop, ended, lab, idle } = await served(openLab({ workflow }))
  await idle(() => fronts.length === 1)
  const say = (id: number, act: string, input: object) =>
    fronts[0]?.front.say({ kind: 'act', id, act, asker: { principal: ANN }, input } as FrontMessage)
  say(1, 'start', { workflow: 'workflow.yaml' })
  await idle(() => answered(fronts[0] as never, 1) !== undefined)
  const [open] = await app.store.openExecutions()
  const id = open?.id ?? ''
  const seen = async (type: string) => (await app.store.read(id)).some((event) => event.type === type)
  await idle(() => seen('ApprovalRequested'))
  const { plan } = await readState(app.store, id)
  say(2, 'decide', { plan: plan?.digest, decision: 'approve' })
  await idle(() => seen('VerdictGiven'))
  say(3, 'resume', { execution: id })
  await idle(() => answered(fronts[0] as never, 3) !== undefined)
  expect(answered(fronts[0] as never, 3)).toMatchObject({ kind: 'failed', fault: { kind: 'busy' } })
  stop.abort()
  expect(await whileTimePasses(lab.clock, ended)).toEqual({ left: [] })
  // It was live when the server was told to end: it was seen through to its confirm, and undone in no part.
  expect(await seen('CompensationStarted')).toBe(false)
  expect(lab.commits('leaf1')).toMatchObject({ timed: 1, confirms: 1 })
})

test('a front that cannot be started again is tried again, and the engine goes on meanwhile', async () => {
  const { fronts, told, idle } = await served()
  await idle(() => told.includes('listening'))
  fronts[0]?.front.emit('error', new Error('out of memory'))
  await idle(() => fronts.length === 2)
  fronts[1]?.front.emit('error', new Error('still'))
  await idle(() => fronts.length === 3)
  expect(told.filter((text) => text.includes('it is started again'))).toHaveLength(2)
})

test('what the thread of the engine knows to be secret leaves it in no answer', async () => {
  const { app, fronts, idle } = await served()
  await idle(() => fronts.length === 1)
  // As a Vault that was asked for a login in the course of an execution: the front has asked for none.
  app.scrubber.register(new Secret('Xa9-vault-kept-77'), 'vault:kv/sim')
  const say = (id: number, act: string, input: object) =>
    fronts[0]?.front.say({ kind: 'act', id, act, asker: { principal: ANN }, input } as FrontMessage)
  say(1, 'snapshot', { name: 'Xa9-vault-kept-77', targets: 'leaf1' })
  say(2, 'start', { workflow: 'Xa9-vault-kept-77.yaml' })
  for (const [id, kind] of [
    [1, 'done'],
    [2, 'failed'],
  ] as const) {
    await idle(() => answered(fronts[0] as never, id) !== undefined)
    const reply = answered(fronts[0] as never, id)
    expect(reply?.kind).toBe(kind)
    expect(JSON.stringify(reply)).not.toContain('vault-kept')
  }
})
