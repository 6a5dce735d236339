import { createPrivateKey, X509Certificate } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { placeOf } from '../../text/source/located.ts'
import { readYaml } from '../../text/source/yaml.ts'
import { confinedFile } from '../system/machine/confined-file.ts'
import { readRegularText } from '../system/machine/regular-file.ts'
import { InputError } from '../system/process/input-error.ts'
import type { ServerSettings } from './settings/server-settings.ts'

export interface ServerTls {
  readonly certificate: string
  readonly key: string
}

/** Reads the files of `server: tls:`, relative to `dir`. Throws InputError where one cannot be read, is none, or both do not belong together. */
export function readServerTls(dir: string, { certificate, key }: NonNullable<ServerSettings['tls']>): ServerTls {
  const pair = { certificate: textOf(dir, 'certificate', certificate), key: textOf(dir, 'key', key) }
  const first = read(dir, 'certificate', `${certificate} is no PEM certificate`, () => {
    return new X509Certificate(pair.certificate)
  })
  const own = read(dir, 'key', `${key} is no PEM private key without a password`, () => createPrivateKey(pair.key))
  if (first.checkPrivateKey(own)) return pair
  const message = `${key} is not the key of ${certificate}`
  throw tlsProblem(dir, 'key', 'other-key', message, 'Take both from one issue of the certificate.')
}

type Member = 'certificate' | 'key'

function read<T>(dir: string, member: Member, otherwise: string, work: () => T) {
  try {
    return work()
  } catch {
    throw tlsProblem(dir, member, 'bad-pem', otherwise, 'Name PEM files: the server first, then the chain.')
  }
}

function textOf(dir: string, member: Member, file: string) {
  try {
    return readRegularText(resolve(dir, file))
  } catch {
    throw tlsProblem(dir, member, 'no-such-file', `${file} cannot be read`, 'Check the path and its permissions.')
  }
}

function tlsProblem(dir: string, member: Member, code: string, message: string, hint: string) {
  return new InputError([{ code, message: `server: tls: ${message}`, at: placeIn(dir, member), hint }])
}

function placeIn(dir: string, member: Member) {
  const file = 'eosflow.yaml'
  try {
    const settings = readYaml(confinedFile(realpathSync.native(dir), file) ?? '', file)
    if (settings.ok) return placeOf(settings.value, ['server', 'tls', member])
  } catch {
    // They were moved away meanwhile: what is said of the file holds all the same.
  }
  return { file, line: 1, column: 1 }
}
