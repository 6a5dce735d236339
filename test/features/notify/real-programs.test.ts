import { readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { Webhook } from 'standardwebhooks'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { sendMail } from '../../../src/eos/transport/notify/mail.ts'
import { post } from '../../../src/eos/transport/notify/post.ts'
import { type AddressedNotification, cloudEvent } from '../../../src/features/notify/notice/formats.ts'
import { sendTo, testTarget } from '../../../src/features/notify/send-to.ts'
import { NOTIFIED } from '../../../src/model/notice.ts'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'
import { hasOpenssl, makeCertificates, type TestCertificates } from '../../eos/transport/eapi/test-certificates.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import { jsonAnswer, startService } from '../../lab/service.ts'
import { type NoticeBench, openNoticeBench } from './notice-bench.ts'

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`
const LETTER: AddressedNotification = {
  notification: {
    what: 'execution.ended',
    severity: 'warn',
    seq: 41,
    at: '2026-01-05T08:00:30.000Z',
    title: 'rolled back: vlan 140 <b>PROD</b> *x*',
    text: 'leaf1: no neighbour\nBcc: eve@example.com',
    facts: [
      ['put back', 'leaf1 and leaf2'],
      ['by', 'Ann | Example'],
    ],
    path: '/executions/x1',
    execution: 'x1',
    workflow: 'add-vlan',
    outcome: 'rolled-back',
    devices: ['leaf1', 'leaf2'],
  },
  origin: 'eosflow.audit/0123456789abcdef',
  link: 'https://eosflow.example.com/executions/x1',
}

let pki: TestCertificates | undefined
beforeAll(() => {
  if (hasOpenssl) pki = makeCertificates()
})

/** Opens a project with one target, and gives how it is sent to. */
async function targetOf(yaml: string, env: Readonly<Record<string, string>> = {}) {
  const bench: NoticeBench = await openNoticeBench(`notify: { targets: [${yaml}] }\n`, env)
  const [target] = bench.app.project.settings.notify.targets
  if (target === undefined) throw new Error('no target')
  return { bench, send: sendTo(bench.app, bench.by, target) }
}

const WEBHOOK = (url: string) => `{ name: ops, webhook: '${url}', secret: '\${env:HOOK}' }`

describe('a webhook', () => {
  test('is a CloudEvent that the standardwebhooks package verifies, over the bytes that were sent', async () => {
    const service = await startService(jsonAnswer({}))
    const { send, bench } = await targetOf(WEBHOOK(`${service.origin}/hooks/1?a=b`), { HOOK: SECRET })
    // The package judges the time by its own clock.
    await bench.lab.clock.advance(Date.now() - bench.lab.clock.now())
    await send(LETTER)
    const [{ headers, body, target, method } = { headers: {}, body: '', target: '', method: '' }] = service.seen
    expect(`${method} ${target}`).toBe('POST /hooks/1?a=b')
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
    const asText = headers as Record<string, string>
    expect(new Webhook(SECRET).verify(body, asText)).toMatchObject({
      id: 'eosflow.audit/0123456789abcdef/x1/41',
      type: 'eosflow.execution.ended.v1',
      subject: 'x1',
      data: { severity: 'warn', outcome: 'rolled-back', link: 'https://eosflow.example.com/executions/x1' },
    })
    expect(headers['webhook-id']).toBe('eosflow.audit/0123456789abcdef/x1/41')
    expect(() => new Webhook(SECRET).verify(`${body} `, asText)).toThrow('No matching signature found')
    const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    expect(() => new Webhook(other).verify(body, asText)).toThrow('No matching signature found')
  })

  test.each([
    ['a status that is not good', 500, 'refused', 'ops: it answered with status 500'],
    ['a redirect', 307, 'refused', 'ops: it answered with status 307; redirects are not followed'],
  ])('%s is not an acknowledgement', async (_name, status, kind, message) => {
    const elsewhere = await startService(jsonAnswer({}))
    const service = await startService((_request, response) =>
      response.writeHead(status, { location: `${elsewhere.origin}/x` }).end(),
    )
    const { send } = await targetOf(WEBHOOK(`${service.origin}/`), { HOOK: SECRET })
    await expect(send(LETTER)).rejects.toMatchObject({ kind, message })
    expect(elsewhere.connections()).toBe(0)
  })

  test.each([
    ['no prefix', 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='],
    ['too short a key', 'whsec_MDEyMw=='],
    ['no base64', 'whsec_0123456789-0123456789-0123456789-0123456789'],
  ])('a secret with %s is refused before anything is sent, and not shown', async (_name, secret) => {
    const service = await startService(jsonAnswer({}))
    const { send } = await targetOf(WEBHOOK(service.origin), { HOOK: secret })
    await expect(send(LETTER)).rejects.toMatchObject({ kind: 'secret', message: expect.not.stringContaining(secret) })
    expect(service.connections()).toBe(0)
  })

  test.skipIf(!hasOpenssl)(
    'a certificate that nobody vouches for is refused, its authority is taken (needs the openssl command)',
    async () => {
      if (pki === undefined) throw new Error('no certificates')
      const service = await startService(jsonAnswer({}), pki.signed)
      const own = await targetOf(WEBHOOK(service.origin), { HOOK: SECRET })
      await expect(own.send(LETTER)).rejects.toMatchObject({ kind: 'tls' })
      expect(service.seen).toHaveLength(0)
      const { bench, send } = await targetOf(WEBHOOK(service.origin).replace(' }', ', ca: ca.pem }'), { HOOK: SECRET })
      writeFileSync(join(bench.app.project.dir, 'ca.pem'), pki.authority)
      await send(LETTER)
      expect(service.seen).toHaveLength(1)
    },
  )

  test.each([
    ['this machine', '127.0.0.1'],
    ['a metadata service', '169.254.169.254'],
  ])('[G131] a name that is resolved to %s is connected to by nobody', async (_name, address) => {
    const service = await startService(jsonAnswer({}))
    const posted = post({
      name: 'ops',
      url: `http://events.example.com:${service.port}/`,
      headers: {},
      body: '{}',
      milliseconds: 2_000,
      resolveName: (_host, _options, callback) => callback(null, [{ address, family: 4 }]),
    })
    await expect(posted).rejects.toMatchObject({ kind: 'guard' })
    expect(service.connections()).toBe(0)
  })

  test('each message is a CloudEvent by its schema', () => {
    const schema = JSON.parse(
      readFileSync(fileURLToPath(new URL('../../fixtures/cloudevents/cloudevents.json', import.meta.url)), 'utf8'),
    ) as object
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema)
    for (const what of NOTIFIED) {
      const event = cloudEvent({ ...LETTER, notification: { ...LETTER.notification, what } })
      expect([event.type, validate(event)]).toEqual([`eosflow.${what}.v1`, true])
      for (const other of [{ specversion: 1 }, { id: undefined }]) expect(validate({ ...event, ...other })).toBe(false)
    }
  })
})

describe('a chat', () => {
  test.each<[string, object]>([
    ['slack', { unfurl_links: false }],
    ['teams', { type: 'message' }],
  ])('%s is posted to the address that a secret holds, which no message shows', async (kind, form) => {
    const service = await startService(jsonAnswer({}, 403))
    const url = `${service.origin}/services/T0/B0/kestrel7719`
    const { send } = await targetOf(`{ name: chat, ${kind}: '\${env:CHAT}' }`, { CHAT: url })
    await expect(send(LETTER)).rejects.toMatchObject({ message: 'chat: it answered with status 403' })
    const [{ body, target } = { body: '', target: '' }] = service.seen
    expect(target).toBe('/services/T0/B0/kestrel7719')
    expect(body).not.toContain('kestrel7719')
    expect(JSON.parse(body)).toMatchObject(form)
  })

  test('an address in clear text is refused', async () => {
    const { send } = await targetOf(`{ name: chat, slack: '\${env:CHAT}' }`, { CHAT: 'http://hooks.example.com/x' })
    await expect(send(LETTER)).rejects.toMatchObject({ kind: 'secret' })
  })
})

interface Post {
  readonly from: string
  readonly to: readonly string[]
  readonly user: string | undefined
  readonly isSecure: boolean
  readonly text: string
}

/** A mail server of the smtp-server package. */
async function mailServer(options: SMTPServerOptions) {
  const mails: Post[] = []
  const server = new SMTPServer({
    ...options,
    logger: false,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user,
          isSecure: session.secure,
          text: Buffer.concat(chunks).toString(),
        })
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return { port: (server.server.address() as AddressInfo).port, mails }
}

describe('mail', () => {
  const email = (port: number, more = '') =>
    `{ name: noc, email: { server: 'smtp://127.0.0.1:${port}', from: eosflow@example.com, to: [noc@example.com, lead@example.com]${more} } }`

  test('arrives at a real server, with one Message-ID however often it is sent, and nothing of it is a header', async () => {
    const { port, mails } = await mailServer({ authOptional: true, disabledCommands: ['STARTTLS'] })
    const { send } = await targetOf(email(port))
    await send(LETTER)
    await send(LETTER)
    const [mail, again] = mails
    expect(mail).toMatchObject({ from: 'eosflow@example.com', to: ['noc@example.com', 'lead@example.com'] })
    const [head = '', ...body] = (mail?.text ?? '').split('\r\n\r\n')
    expect(head).toContain('Message-ID: <eosflow.audit.0123456789abcdef.x1.41@example.com>')
    expect(again?.text).toContain('Message-ID: <eosflow.audit.0123456789abcdef.x1.41@example.com>')
    expect(head).toContain('Auto-Submitted: auto-generated')
    expect(head).not.toContain('eve@example.com')
    expect(body.join('\n')).toContain('https://eosflow.example.com/executions/x1')
  })

  test.skipIf(!hasOpenssl)(
    'a login is sent over TLS that was verified, and never without (needs the openssl command)',
    async () => {
      if (pki === undefined) throw new Error('no certificates')
      const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _session, done) =>
        password === 'kestrel-7719' ? done(null, { user: username ?? '' }) : done(new Error('no'))
      const login = `, user: eosflow, password: '\${env:MAIL}', ca: ca.pem`
      const env = { MAIL: 'kestrel-7719' }
      const { port, mails } = await mailServer({ secure: true, ...pki.signed, onAuth })
      const yaml = email(port, login).replace('smtp://', 'smtps://')
      const { bench, send } = await targetOf(yaml, env)
      writeFileSync(join(bench.app.project.dir, 'ca.pem'), pki.authority)
      await send(LETTER)
      expect(mails).toMatchObject([{ user: 'eosflow', isSecure: true }])
      const unknown = await targetOf(yaml.replace(', ca: ca.pem', ''), env)
      await expect(unknown.send(LETTER)).rejects.toMatchObject({ kind: 'tls' })
      const wrong = await targetOf(yaml, { MAIL: 'another' })
      writeFileSync(join(wrong.bench.app.project.dir, 'ca.pem'), pki.authority)
      await expect(wrong.send(LETTER)).rejects.toMatchObject({
        kind: 'unauthenticated',
        message: expect.not.stringContaining('another'),
      })
      expect(mails).toHaveLength(1)
    },
  )

  test('a server of another machine that offers no TLS is given nothing', async () => {
    const { port, mails } = await mailServer({ authOptional: true, disabledCommands: ['STARTTLS'] })
    const { notification } = LETTER
    const sent = sendMail({
      name: 'noc',
      server: { host: '127.0.0.1', port, isSecure: false },
      isLocal: false,
      from: 'eosflow@example.com',
      to: ['noc@example.com'],
      subject: notification.title,
      text: notification.text,
      id: 'x1.41',
      isUrgent: false,
      milliseconds: 5_000,
    })
    await expect(sent).rejects.toMatchObject({ kind: 'tls' })
    expect(mails).toEqual([])
  })

  test('a server that refuses the recipient has not taken it', async () => {
    const { port } = await mailServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: (_address, _session, done) => done(new Error('no such mailbox')),
    })
    const { send } = await targetOf(email(port))
    await expect(send(LETTER)).rejects.toMatchObject({ kind: 'refused' })
  })
})

describe('a program', () => {
  test('is given a CloudEvent as its input, and no variable but those of its list', async () => {
    const folder = temporaryFolder()
    const script = join(folder, 'page')
    writeFileSync(script, `#!/bin/sh\n{ echo "$1"; env; cat; } > ${folder}/out\n`, { mode: 0o700 })
    const yaml = `{ name: pager, exec: [${script}, '--team;rm'], env: [TEAM] }`
    const { send } = await targetOf(yaml, { TEAM: 'network', TOKEN: 'kestrel-7719' })
    await send(LETTER)
    const [first, ...rest] = readFileSync(join(folder, 'out'), 'utf8').split('\n')
    expect(first).toBe('--team;rm')
    expect(rest).toContain('TEAM=network')
    expect(rest.join('\n')).not.toContain('kestrel-7719')
    expect(JSON.parse(rest.at(-1) ?? '')).toMatchObject({ id: 'eosflow.audit/0123456789abcdef/x1/41' })
  })

  test.each([
    ['/bin/false', 'pager: the program ended with exit code 1'],
    ['/no/such/program', 'pager: the program cannot be started'],
  ])('%s has not taken it', async (program, message) => {
    const { send } = await targetOf(`{ name: pager, exec: [${program}] }`)
    await expect(send(LETTER)).rejects.toMatchObject({ kind: 'refused', message })
  })
})

describe('notify: of the settings', () => {
  const problemsIn = (yaml: string) => {
    const read = parseSettings(yaml, 'eosflow.yaml')
    return read.ok ? [] : read.problems.map(({ at, code }) => `${at.line}:${at.column} ${code}`)
  }

  test('says everything that is wrong at once, and where', () => {
    expect(
      problemsIn(`notify:
  targets:
    - { name: a, email: { server: 'smtp://mail', from: a@b, to: [c@d], user: x } }
    - { name: b, slack: '\${env:SLACK}' }
  rules:
    - { to: [a, c] }
`),
    ).toEqual(['3:25 half-a-login', '4:15 target-without-rule', '6:17 unknown-target'])
  })

  test.each([
    ['a secret in clear', "{ name: a, slack: 'https://hooks.example.com/x' }"],
    ['an address in clear', `{ name: a, webhook: 'http://events.example.com', secret: '\${env:S}' }`],
    ['a login in an address', `{ name: a, webhook: 'https://u:p@events.example.com', secret: '\${env:S}' }`],
    ['a program that is looked for', '{ name: a, exec: [page] }'],
    ['a second recipient in one', "{ name: a, email: { server: 'smtp://m', from: a@b, to: ['c@d, e@f'] } }"],
    ['two places', `{ name: a, slack: '\${env:S}', teams: '\${env:S}' }`],
  ])('refuses %s', (_name, target) => {
    expect(problemsIn(`notify: { targets: [${target}] }\n`).length).toBeGreaterThan(0)
  })

  test('without rules tells every target what is warn or graver', () => {
    const read = parseSettings(
      `notify: { targets: [{ name: a, exec: [/x] }, { name: b, exec: [/x] }] }`,
      'eosflow.yaml',
    )
    expect(read.ok && read.value.notify.rules).toEqual([{ severity: 'warn', to: ['a', 'b'] }])
  })
})

describe('notify test NAME', () => {
  test('[E13] sends a target one message that says it is a test, says how it was answered, and puts nothing on record', async () => {
    const service = await startService(jsonAnswer({}))
    const env = { HOOK: SECRET }
    const bench = await openNoticeBench(
      `notify: { targets: [${WEBHOOK(`${service.origin}/hooks`)}, { name: shell, exec: [/bin/true] }] }\n`,
      env,
    )
    const before = await bench.records()
    expect(await testTarget(bench.app, bench.by, 'ops')).toEqual({
      name: 'ops',
      answer: 'it answered with a status of success (2xx)',
    })
    const [{ body } = { body: '{}' }] = service.seen
    expect(service.seen).toHaveLength(1)
    expect(JSON.parse(body)).toMatchObject({
      type: 'eosflow.notification.test.v1',
      data: {
        severity: 'info',
        title: 'A test of eosflow',
        text: 'Somebody tries whether messages reach ops. Nothing has happened, and nothing is to be done.',
      },
    })
    expect(await testTarget(bench.app, bench.by, 'shell')).toEqual({
      name: 'shell',
      answer: 'the program ended with 0',
    })
    expect(await bench.records()).toEqual(before)
    // Also while another process sends.
    const claim = await bench.app.claims.claim('outbox')
    onTestFinished(() => claim.release())
    const { code, out } = await bench.lab.eosflow('notify test shell')
    expect([code, out]).toEqual([
      0,
      'shell has taken the test message: the program ended with 0.\nNext: eosflow notify deliver\n',
    ])
  })

  test('says what a target answers that takes nothing, and which targets there are', async () => {
    const bench = await openNoticeBench('notify: { targets: [{ name: shell, exec: [/bin/false] }] }\n')
    const refused = await bench.lab.exits(10, 'notify test shell')
    expect(refused.err).toContain('shell')
    const unknown = await bench.lab.exits(3, 'notify test nobody')
    expect(unknown.err).toContain('names no target nobody')
    expect(unknown.err).toContain('It names shell.')
  })
})
