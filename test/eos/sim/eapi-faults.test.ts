import { Agent, request } from 'node:https'
import { describe, expect, test } from 'vitest'
import { answer } from '../../../src/eos/sim/eapi/channel.ts'
import { faultSchema } from '../../../src/eos/sim/fault/fault-schema.ts'
import { startFabric } from '../../../src/testing.ts'
import { CONFIG, simulate } from './simulate.ts'

describe('faults of eAPI', () => {
  test.each([1000, 1001, 1002, 1003, 1004, 1005] as const)('code %i at the kth command, once', async (code) => {
    const { fault, call } = simulate()
    fault({ kind: 'refuse-command', command: '^show hostname', code, errors: ['', 'words of the switch'] })
    const cmds = ['show version', 'show hostname', 'show vlan']
    const { error } = await call({ cmds })
    expect([error?.code, error?.data?.length, error?.data?.at(-1)]).toEqual([
      code,
      2,
      { errors: ['', 'words of the switch'] },
    ])
    expect((await call({ cmds })).error).toBeUndefined()
  })

  test('a refused configuration line is not stored', async () => {
    const { fault, json, text } = simulate()
    fault({ kind: 'refuse-command', command: 'mtu', code: 1000, errors: [''] })
    const { error } = await json('configure', 'interface Ethernet1', 'mtu 9000')
    expect(error?.data?.at(-1)).toEqual({ errors: [''] })
    expect(await text('show running-config')).not.toContain('mtu')
  })

  test('bare HTTP statuses: so many requests to a path', async () => {
    const { fault, eapi } = simulate()
    fault({ kind: 'http-status', status: 401, path: '/command-api', times: 2 })
    fault({ kind: 'http-status', status: 503 })
    const sent: unknown[] = []
    for (let count = 0; count < 4; count += 1) sent.push((await eapi('{}')).status)
    expect(sent).toEqual([401, 401, 503, 200])
    fault({ kind: 'http-status', status: 404, path: '/login' })
    expect((await eapi('{}')).status).toBe(200)
  })

  test('cookies that expire', async () => {
    const { fault, fabric } = simulate()
    const channel = fabric.switches[0]?.eapi
    if (channel === undefined) throw new RangeError('no switch')
    const post = (path: string, headers: Record<string, string>, body: string) =>
      channel.exchange({ method: 'POST', path, headers, body, from: 'x' })
    const login = await post('/login', {}, '{"username":"admin","password":"admin"}')
    const cookie = login === 'lost' ? '' : (login.headers['set-cookie']?.split(';', 1)[0] ?? '')
    const use = async () => {
      const used = await post('/command-api', { cookie }, '{}')
      return used === 'lost' ? used : used.status
    }
    expect(await use()).toBe(200)
    fault({ kind: 'expire-cookies' })
    expect([await use(), await use()]).toEqual([401, 401])
    expect(
      answer(channel.service, { method: 'HEAD', path: '/command-api', headers: {}, body: '', from: 'x' }).status,
    ).toBe(401)
  })

  test('a TLS handshake that fails, and HTTP beside it that does not', async () => {
    const fabric = await startFabric({ config: CONFIG })
    const [device] = fabric.devices
    const ask = () =>
      new Promise((resolve) => {
        const options = {
          port: device?.https.port,
          host: '127.0.0.1',
          ca: fabric.ca,
          path: '/command-api',
          method: 'HEAD',
        }
        const sent = request({ ...options, agent: new Agent() }, (response) => {
          response.resume()
          resolve(String(response.statusCode))
        })
        sent.once('error', (error) => resolve('code' in error ? String(error.code) : String(error)))
        sent.end()
      })
    expect(await ask()).toBe('401')
    await fabric.fault({ device: device?.name ?? '', kind: 'tls-failure' })
    expect(await ask()).toBe('ECONNRESET')
    expect((await device?.eapi('{}'))?.status).toBe(200)
    await fabric.clearFaults()
    expect(await ask()).toBe('401')
    await fabric.close()
  })

  test.each([
    [{ kind: 'refuse-command', command: '^show', code: 1000, errors: [''] }, true],
    [{ kind: 'refuse-command', command: '(', code: 1000, errors: [''] }, false],
    [{ kind: 'refuse-command', command: 'a', code: 1006, errors: [''] }, false],
    [{ kind: 'http-status', status: 401 }, true],
    [{ kind: 'http-status', status: 200 }, false],
    [{ kind: 'http-status', status: 404, path: '/x' }, false],
    [{ kind: 'expire-cookies' }, true],
    [{ kind: 'tls-failure', after: 1, for: 5 }, true],
  ])('%j as it is written: %s', (fault, good) => {
    expect(faultSchema.safeParse({ device: 'sw1', ...fault }).success).toBe(good)
  })
})
