import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { TlsMode } from '../../../../src/eos/device/device.ts'
import { eapiTransport } from '../../../../src/eos/transport/eapi/eapi-transport.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { noFence } from '../../../../src/model/fence.ts'
import { hasIpv6, withoutIpv6, ZONED_LOOPBACK } from '../../../lab/loopback.ts'
import { CREDENTIAL, results, scriptedSwitch, targetAt } from './scripted-switch.ts'
import { hasOpenssl, type KeyPair, makeCertificates, type TestCertificates } from './test-certificates.ts'

const CONFIG = results({ output: '' }, { output: 'hostname leaf1\n' }, { output: '' })
const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

/** Reads the configuration over TLS; what was thrown, or what was read. The server must have heard exactly that much. */
async function reading(pair: KeyPair, tls: TlsMode, files: Readonly<Record<string, string>> = {}, host?: string) {
  const server = await scriptedSwitch(
    [CONFIG],
    { ...pair, minVersion: 'TLSv1.2' },
    host?.startsWith('::1') ? '::1' : undefined,
  )
  opened.push(server)
  const transport = eapiTransport({
    allowInsecure: tls.mode === 'insecure',
    readCa: async (file) => {
      const text = files[file]
      if (text === undefined) throw new Error(`ENOENT: ${file}`)
      return text
    },
  })
  const outcome = await transport.connect(targetAt(server.port, tls, host), CREDENTIAL, noFence).then(
    async (leaf1) => {
      opened.unshift(leaf1)
      return leaf1.readConfig().catch((error: unknown) => error)
    },
    (error: unknown) => error,
  )
  return { outcome, server }
}

async function refused(...args: Parameters<typeof reading>) {
  const { outcome, server } = await reading(...args)
  expect(outcome).toBeInstanceOf(EosflowError)
  expect(outcome).toMatchObject({ kind: 'tls', device: 'leaf1', retryable: false })
  expect(server.seen).toEqual([])
  return outcome as EosflowError
}

describe.skipIf(!hasOpenssl)('over TLS (needs the openssl command)', () => {
  let made: TestCertificates
  beforeAll(() => {
    made = makeCertificates()
  })
  const READ = { running: 'hostname leaf1\n', startupDiff: '' }
  const CA = { mode: 'ca', file: 'ca.pem' } as const

  test.each(['', 'no certificate\n'])(
    'a file of an authority without one never means those of the system: %j',
    async (text) => {
      const error = await refused(made.selfSigned, CA, { 'ca.pem': text })
      expect(error.message).toBe('leaf1: ca.pem holds no certificate')
    },
  )

  test.skipIf(!hasIpv6).each(['::1', ZONED_LOOPBACK])(
    `the host that a switch is told has no zone, which is this machine's own: %s${withoutIpv6}`,
    async (host) => {
      const { outcome, server } = await reading(made.signed, { mode: 'insecure' }, {}, host)
      expect(outcome).toEqual(READ)
      expect(server.seen.map((one) => one.host)).toEqual([`[::1]:${server.port}`])
    },
  )

  test.each<[string, (pin: string) => string]>([
    ['base64', (pin) => pin],
    ['with its prefix', (pin) => `sha256/${pin}`],
    ['hex', (pin) => Buffer.from(pin, 'base64').toString('hex')],
    [
      'hex with colons',
      (pin) =>
        Buffer.from(pin, 'base64')
          .toString('hex')
          .toUpperCase()
          .replaceAll(/..(?=.)/g, '$&:'),
    ],
  ])('a pinned key is taken: %s', async (_, written) => {
    const { outcome } = await reading(made.selfSigned, { mode: 'pin', sha256: written(made.selfSignedPin) })
    expect(outcome).toEqual(READ)
  })

  test('a pin that is none is refused', async () => {
    await refused(made.selfSigned, { mode: 'pin', sha256: '' })
    await refused(made.signed, { mode: 'pin', sha256: 'sha256/AAAA' })
  })
})
