import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ServerSettings } from '../inventory/server-settings.ts'
import { problemOf } from '../model/problem.ts'
import { InputError } from './input-error.ts'

/** The certificate chain of a server and its private key, both PEM. */
export interface ServerTls {
  readonly certificate: string
  readonly key: string
}

/** Reads the files of `server: tls:`, relative to `dir`. Throws InputError where one cannot be read, is none, or both do not belong together. */
export function readServerTls(dir: string, { certificate, key }: NonNullable<ServerSettings['tls']>): ServerTls {
  const pair = { certificate: textOf(dir, certificate), key: textOf(dir, key) }
  const first = read(certificate, 'no PEM certificate', () => new X509Certificate(pair.certificate))
  const own = read(key, 'no PEM private key without a password', () => createPrivateKey(pair.key))
  if (first.checkPrivateKey(own)) return pair
  throw tlsProblem(
    'other-key',
    `${key} is not the key of ${certificate}`,
    'Take both from one issue of the certificate.',
  )
}

function read<T>(file: string, otherwise: string, work: () => T): T {
  try {
    return work()
  } catch {
    throw tlsProblem('bad-pem', `${file} is ${otherwise}`, 'Name PEM files: the server first, then the chain.')
  }
}

function textOf(dir: string, file: string): string {
  try {
    return readFileSync(resolve(dir, file), 'utf8')
  } catch {
    throw tlsProblem('no-such-file', `${file} cannot be read`, 'Check the path and its permissions.')
  }
}

function tlsProblem(code: string, message: string, hint: string): InputError {
  return new InputError([problemOf('eosflow.yaml', code, `server: tls: ${message}`, hint)])
}
