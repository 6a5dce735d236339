import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { followCertificate } from '../../../src/doors/http/front-thread.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { readServerTls, type ServerTls } from '../../../src/project/files/server-tls.ts'
import { InputError } from '../../../src/project/system/process/input-error.ts'
import { hasOpenssl, makeCertificates } from '../../eos/transport/eapi/test-certificates.ts'
import { temporaryFolder } from '../../lab/folder.ts'

describe.runIf(hasOpenssl)('the certificate of a server (needs the openssl command)', () => {
  test('is taken up within a minute when it is renewed on disk; one that is not good leaves the one before', {
    tags: ['long', 'turn'],
  }, async () => {
    const made = makeCertificates()
    const dir = temporaryFolder()
    const put = (certificate: string, key: string) => {
      writeFileSync(join(dir, 'server.pem'), certificate)
      writeFileSync(join(dir, 'server.key'), key)
    }
    const read = () => readServerTls(dir, { certificate: 'server.pem', key: 'server.key' })
    const clock = new VirtualClock()
    const [stop, taken, words] = [new AbortController(), [] as string[], [] as string[]]
    put(made.selfSigned.cert, made.selfSigned.key)
    const renew = ({ certificate }: ServerTls) => void taken.push(certificate)
    const failed = (what: string, error: unknown) => void words.push(`${what}: ${(error as Error).message}`)
    const following = followCertificate(read(), { clock, read, renew, failed }, stop.signal)
    const minutes = async (count: number) => {
      for (let minute = 0; minute < count; minute += 1) {
        await clock.advance(60_000)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await minutes(3)
    expect([taken, words]).toEqual([[], []])
    // The certificate is written before its key: at one look they are not of each other.
    put(made.other.cert, made.selfSigned.key)
    await minutes(1)
    put(made.other.cert, made.other.key)
    await minutes(2)
    expect([taken, words]).toEqual([[made.other.cert], []])
    put('-----BEGIN', made.other.key)
    await minutes(5)
    expect([taken.length, words]).toEqual([
      1,
      ['the certificate is not renewed: server: tls: server.pem is no PEM certificate'],
    ])
    put(made.selfSigned.cert, made.selfSigned.key)
    await minutes(1)
    expect(taken).toEqual([made.other.cert, made.selfSigned.cert])
    stop.abort()
    await following
  })

  test('is refused before the server starts where it cannot be one', { tags: ['long', 'turn'] }, () => {
    const made = makeCertificates()
    const dir = temporaryFolder()
    const rows: readonly (readonly [string | undefined, string | undefined, string])[] = [
      [undefined, made.other.key, 'server: tls: c.pem cannot be read'],
      [made.other.cert, undefined, 'server: tls: k.pem cannot be read'],
      ['', made.other.key, 'server: tls: c.pem is no PEM certificate'],
      [made.other.key, made.other.key, 'server: tls: c.pem is no PEM certificate'],
      [made.other.cert, made.other.cert, 'server: tls: k.pem is no PEM private key without a password'],
      [made.other.cert, made.selfSigned.key, 'server: tls: k.pem is not the key of c.pem'],
    ]
    for (const [certificate, key, words] of rows) {
      rmSync(join(dir, 'c.pem'), { force: true })
      rmSync(join(dir, 'k.pem'), { force: true })
      if (certificate !== undefined) writeFileSync(join(dir, 'c.pem'), certificate)
      if (key !== undefined) writeFileSync(join(dir, 'k.pem'), key)
      const read = () => readServerTls(dir, { certificate: 'c.pem', key: 'k.pem' })
      expect(read).toThrow(InputError)
      expect(read).toThrow(words)
    }
    expect(rows).toHaveLength(6)
  })
})
