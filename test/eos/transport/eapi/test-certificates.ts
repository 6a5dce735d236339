import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A key with its certificate, PEM. */
export interface KeyPair {
  readonly key: string
  readonly cert: string
}

/** Certificates made for one test run, good for a day. */
export interface TestCertificates {
  /** As a switch makes its own: self-signed, its name in it. */
  readonly selfSigned: KeyPair
  /** Another of the kind, with another key. */
  readonly other: KeyPair
  readonly authority: string
  readonly otherAuthority: string
  /** Signed by the authority for 127.0.0.1. */
  readonly signed: KeyPair
  /** Signed by the authority for another name. */
  readonly misnamed: KeyPair
  /** The pin of `selfSigned`, as `openssl` reckons it. */
  readonly selfSignedPin: string
}

/** Whether this machine has the `openssl` command that makes them. */
export const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
})()

/** Makes the certificates with `openssl`, so that nothing here is judged by the code that it tests. */
export function makeCertificates(): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-tls-'))
  const openssl = (args: readonly string[], input?: Buffer) =>
    execFileSync('openssl', [...args], { cwd: folder, input: input ?? '', stdio: ['pipe', 'pipe', 'pipe'] })
  const read = (name: string) => ({
    key: readFileSync(join(folder, `${name}.key`), 'utf8'),
    cert: readFileSync(join(folder, `${name}.pem`), 'utf8'),
  })
  const make = (name: string, subject: string, extension: string, signer?: string) => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`]
    const by = signer === undefined ? [] : ['-CA', `${signer}.pem`, '-CAkey', `${signer}.key`]
    const about = ['-subj', `/CN=${subject}`, '-addext', extension, '-days', '1', '-out', `${name}.pem`]
    openssl(['req', '-x509', ...key, ...by, ...about])
    return read(name)
  }
  try {
    const authority = make('authority', 'Test authority', 'keyUsage=critical,keyCertSign').cert
    const otherAuthority = make('elsewhere', 'Other authority', 'keyUsage=critical,keyCertSign').cert
    const selfSigned = make('self', 'leaf1', 'subjectAltName=IP:127.0.0.1')
    const der = openssl(['pkey', '-pubout', '-outform', 'DER', '-in', 'self.key'])
    const digest = openssl(['dgst', '-sha256', '-binary'], der)
    return {
      selfSigned,
      other: make('other', 'leaf2', 'subjectAltName=IP:127.0.0.1'),
      authority,
      otherAuthority,
      signed: make('signed', 'leaf1', 'subjectAltName=IP:127.0.0.1', 'authority'),
      misnamed: make('misnamed', 'leaf9', 'subjectAltName=DNS:leaf9.example,IP:127.0.0.9', 'authority'),
      selfSignedPin: digest.toString('base64'),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
