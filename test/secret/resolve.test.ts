import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EosflowError } from '../../src/model/error.ts'
import { resolveSecret, type SecretPorts } from '../../src/secret/resolve.ts'
import { Scrubber } from '../../src/secret/scrubber.ts'

const VALUE = 'canary-canary-7'
const reference = (provider: string, key: string): string => `$\{${provider}:${key}}`

function ports(change: Partial<SecretPorts> = {}): SecretPorts {
  return { env: {}, scrubber: new Scrubber(), simulated: false, ...change }
}

function file(content: string, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-secret-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'secret')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

async function refusal(text: string, given: SecretPorts = ports()): Promise<EosflowError> {
  const thrown: unknown = await resolveSecret(text, given).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof EosflowError && thrown.kind === 'secret') return thrown
  throw new Error(`expected a secret error, got ${String(thrown)}`)
}

describe('a secret from the environment', () => {
  test('is found, registered, and shows itself to nobody', async () => {
    const given = ports({ env: { EOSFLOW_RW: VALUE } })
    const secret = await resolveSecret(reference('env', 'EOSFLOW_RW'), given)
    expect(secret.reveal()).toBe(VALUE)
    expect(`${secret} ${JSON.stringify({ secret })}`).not.toContain('canary')
    expect(given.scrubber.scrub(`login ${VALUE}`)).toBe('login <redacted>')
  })

  test('that is short is used, with a warning that names the reference', async () => {
    const warnings: string[] = []
    const given = ports({ env: { PIN: '1234' }, scrubber: new Scrubber((text) => warnings.push(text)) })
    expect((await resolveSecret(reference('env', 'PIN'), given)).reveal()).toBe('1234')
    expect(warnings).toEqual([expect.stringContaining(reference('env', 'PIN'))])
  })

  test('that is not set or empty is refused by name', async () => {
    expect((await refusal(reference('env', 'NOPE'))).message).toBe('the environment variable NOPE is not set')
    expect((await refusal(reference('env', 'NOPE'), ports({ env: { NOPE: '' } }))).message).toMatch(/NOPE.* is empty/)
  })
})

describe('a secret from a file', () => {
  test.each([
    [`${VALUE}\n`, VALUE],
    [`${VALUE}\r\n`, VALUE],
    [VALUE, VALUE],
    [`${VALUE}\n\n`, `${VALUE}\n`],
    [` ${VALUE} \n`, ` ${VALUE} `],
  ])('%j is read without one trailing newline', async (content, expected) => {
    const given = ports()
    expect((await resolveSecret(reference('file', file(content)), given)).reveal()).toBe(expected)
    expect(given.scrubber.scrub(expected)).toBe('<redacted>')
  })

  test.each([0o640, 0o604, 0o660, 0o644, 0o601])('of mode %o is refused', async (mode) => {
    const error = await refusal(reference('file', file(VALUE, mode)))
    expect(error.message).toContain(`may be read by others (mode ${mode.toString(8)})`)
    expect(error.hint).toContain('chmod 600')
  })

  test('of mode 400 is taken', async () => {
    expect((await resolveSecret(reference('file', file(VALUE, 0o400)), ports())).reveal()).toBe(VALUE)
  })

  test('that is a link, a folder, missing, empty or huge is refused by name', async () => {
    const path = file(VALUE)
    symlinkSync(path, `${path}-link`)
    mkdirSync(`${path}-folder`)
    expect((await refusal(reference('file', `${path}-link`))).message).toContain('symbolic link')
    expect((await refusal(reference('file', `${path}-folder`))).message).toContain('not a regular file')
    expect((await refusal(reference('file', `${path}-none`))).message).toContain('no such file')
    expect((await refusal(reference('file', file('\n')))).message).toContain('is empty')
    expect((await refusal(reference('file', file('x'.repeat(65_537))))).message).toContain('65537 bytes')
  })
})

describe('a credential', () => {
  test('in plain is taken for a simulated switch only, and never shown in the refusal', async () => {
    const given = ports({ simulated: true })
    expect((await resolveSecret('invented-password', given)).reveal()).toBe('invented-password')
    expect(given.scrubber.scrub('invented-password')).toBe('invented-password')
    const error = await refusal(VALUE)
    expect(error.message).toBe('a credential is written out in plain')
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('canary')
  })

  test.each([
    [reference('vault', 'kv/net#leaf1'), /from vault are not built yet/],
    [reference('exec', 'pass?leaf1'), /from exec are not built yet/],
    [reference('aws-sm', 'a#b'), /from aws-sm are not built yet/],
    [reference('aws-ssm', '/a'), /from aws-ssm are not built yet/],
    [reference('keychain', 'a'), /not a reference/],
    [`x${reference('env', 'A')}`, /not a reference/],
    [`${reference('env', 'A')}${reference('env', 'B')}`, /not a reference/],
    [reference('env', 'A B'), /not a name of an environment variable: "A B"/],
    [reference('env', ''), /not a name of an environment variable/],
    [reference('file', 'secrets/leaf1'), /must be absolute: "secrets\/leaf1"/],
  ])('%s is refused, simulated or not', async (text, message) => {
    expect((await refusal(text, ports({ env: { A: VALUE } }))).message).toMatch(message)
    expect((await refusal(text, ports({ env: { A: VALUE }, simulated: true }))).message).toMatch(message)
  })
})
