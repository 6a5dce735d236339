import { describe, expect, test } from 'vitest'
import { isService, type ResolveName } from '../../../src/eos/transport/http/http-transport.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { jsonAnswer, startService } from '../../lab/service.ts'
import { linesOf } from '../../table.ts'
import { allowed, asking, portTo } from './http-port.ts'

/** A resolver that gives these addresses, the next list at each question. */
function answering(...answers: readonly (readonly string[])[]) {
  let asked = 0
  const resolve: ResolveName = (_host, _options, callback) => {
    const found = answers[Math.min(asked, answers.length - 1)] ?? []
    asked += 1
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
  return { resolve, asked: () => asked }
}

const signal = new AbortController().signal

describe('an address behind a name', () => {
  test.each(
    linesOf(`
      127.0.0.1
      127.255.255.254
      0.0.0.0
      169.254.169.254
      224.0.0.1
      255.255.255.255
      ::
      ::1
      fe80::1
      ff02::1
      ::ffff:127.0.0.1
      ::ffff:7f00:1
      ::ffff:a9fe:a9fe
    `),
  )('%s is no service', (address) => {
    expect(isService(address)).toBe(false)
  })

  test.each(['10.0.0.7', '172.16.0.1', '192.168.1.1', '93.184.216.34', '100.64.0.1', 'fd00::7', '2001:db8::1'])(
    '%s may be one',
    (address) => {
      expect(isService(address)).toBe(true)
    },
  )
})

describe('a name that leads elsewhere', () => {
  test.each([
    ['this machine', ['127.0.0.1']],
    ['this machine in IPv6', ['::1']],
    ['this machine in another form', ['::ffff:127.0.0.1']],
    ['a metadata service', ['169.254.169.254']],
    ['a service and this machine', ['10.0.0.7', '127.0.0.1']],
    ['nothing', []],
  ])('%s: nothing is connected to, and the mend is named', async (_, addresses) => {
    const service = await startService(jsonAnswer({}))
    const origin = `http://cmdb.example.com:${service.port}`
    const { resolve } = answering(addresses)
    const thrown = await portTo([allowed(origin)], {}, resolve)
      .send(asking(`${origin}/`), signal)
      .catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(EosflowError)
    expect(thrown).toMatchObject({ kind: 'guard', fault: { name: 'States.Permissions' } })
    expect((thrown as EosflowError).message).toMatch(/^cmdb\.example\.com is resolved to .*nothing was sent$/)
    expect((thrown as EosflowError).hint).toContain('http: hosts:')
    expect(service.connections()).toBe(0)
  })

  test('is asked about once for each request: a second answer cannot turn it (DNS rebinding)', async () => {
    const service = await startService(jsonAnswer({}))
    const origin = `http://cmdb.example.com:${service.port}`
    const { resolve, asked } = answering(['192.0.2.1'], ['127.0.0.1'])
    const thrown = await portTo([allowed(origin)], {}, resolve)
      .send(asking(`${origin}/`, { milliseconds: 50 }), signal)
      .catch((error: unknown) => error)
    expect(thrown).toMatchObject({ kind: 'unreachable' })
    expect(asked()).toBe(1)
    expect(service.connections()).toBe(0)
  })

  test('localhost is meant', async () => {
    const service = await startService(jsonAnswer({ ok: true }))
    const origin = `http://localhost:${service.port}`
    const { resolve } = answering(['127.0.0.1'])
    const { status } = await portTo([allowed(origin)], {}, resolve).send(asking(`${origin}/`), signal)
    expect(status).toBe(200)
  })

  test.each(['2130706433', '0x7f.1', '0177.0.0.1', '0', '127.1', '[::ffff:7f00:1]', '[::1]'])(
    'an address that is written %s is not the name that was allowed',
    async (written) => {
      const service = await startService(jsonAnswer({}))
      const thrown = await portTo([allowed('http://cmdb.example.com')])
        .send(asking(`http://${written}:${service.port}/`), signal)
        .catch((error: unknown) => error)
      expect(thrown).toMatchObject({ kind: 'guard', fault: { name: 'States.Permissions' } })
      expect(service.connections()).toBe(0)
    },
  )
})
