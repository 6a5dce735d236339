import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Plan } from '../../src/change/plan/plan.ts'
import { statementText } from '../../src/change/policy/approval.ts'
import type { ApprovalStatement } from '../../src/model/approval.ts'
import type { Principal } from '../../src/model/principal.ts'
import { statementOf } from '../../src/project/approval/signer.ts'
import { signerBy, signingKeyOf } from '../../src/project/approval/ssh-signing.ts'
import {
  APPROVAL_NAMESPACE,
  ED25519,
  parseAllowedSigners,
  sshFingerprint,
  sshString,
} from '../../src/project/identity/ssh/ssh-allowed-signers.ts'
import { InputError } from '../../src/project/system/process/input-error.ts'
import { EIGHT, GIVEN_STATEMENT } from '../change/policy/given-approval.ts'
import { partOf, temporaryFolder } from '../lab/lab.ts'

const ALICE: Principal = { issuer: 'local', id: 'alice', kind: 'person', auth: 'os' }

const STATEMENT: ApprovalStatement = { ...GIVEN_STATEMENT, store: 'here', approver: ALICE }

function newKey() {
  const { publicKey } = generateKeyPairSync('ed25519')
  const key = Buffer.concat([
    sshString(ED25519),
    sshString(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
  ])
  return { line: `${ED25519} ${key.toString('base64')}`, fingerprint: sshFingerprint(key) }
}
const [FIRST, SECOND, THIRD] = [newKey(), newKey(), newKey()] as const

function signersOf(...lines: readonly string[]) {
  const parsed = parseAllowedSigners(
    lines.map((line, at) => `person${at + 1} namespaces="${APPROVAL_NAMESPACE}" ${line}\n`).join(''),
    'trust/allowed_signers',
  )
  if (!parsed.ok) throw new RangeError('the lines cannot be read')
  return parsed.value
}

/** A folder in which `ssh-add` prints these keys, and `ssh-keygen` shows what it was asked. */
function hostWith(...held: readonly string[]) {
  const cwd = temporaryFolder()
  const keys = held.map((line) => `echo '${line}'`).join('\n')
  writeFileSync(join(cwd, 'ssh-add'), `#!/bin/sh\n[ "$1" = -L ] || exit 2\n${keys}\n`, { mode: 0o755 })
  writeFileSync(
    join(cwd, 'ssh-keygen'),
    '#!/bin/sh\necho "$1 $2 $3 $4 $5"\n/bin/cat "$6"\n/bin/cat\necho " by $(/usr/bin/basename "$6")"\n',
    { mode: 0o755 },
  )
  return { env: { PATH: cwd }, cwd, words: () => 'see' }
}

test('who signs is named where the project knows the key, else by its fingerprint', () => {
  const signers = signersOf(FIRST.line, SECOND.line)
  const person = { issuer: 'ssh', kind: 'person', auth: 'ssh', authenticatedAt: '2026-01-05T08:00:00.000Z' }
  expect(signerBy(SECOND.fingerprint, signers, EIGHT)).toEqual({ ...person, id: 'person2' })
  expect(signerBy(THIRD.fingerprint, signers, EIGHT)).toEqual({ ...person, id: THIRD.fingerprint })
})

test('nobody signs who names no key', async () => {
  expect(await signingKeyOf(hostWith(), undefined, [])).toBeUndefined()
})

test.each([
  ['the only key', [FIRST.line], []],
  ['the one of several that the project trusts', [SECOND.line, FIRST.line, THIRD.line], [FIRST.line]],
])('%s of an agent signs the statement in the namespace of approvals', async (_, held, trusted) => {
  const key = await signingKeyOf(hostWith(...held), 'agent', signersOf(...trusted))
  expect(key?.fingerprint).toBe(FIRST.fingerprint)
  expect(await key?.sign(STATEMENT)).toEqual({
    kind: 'ssh',
    armored: `-Y sign -n ${APPROVAL_NAMESPACE} -f\n${FIRST.line}\n${statementText(STATEMENT)} by key.pub\n`,
  })
})

test.each([
  ['holds none', [], [], 0],
  ['holds two, and nobody knows either', [FIRST.line, SECOND.line], [THIRD.line], 2],
  ['holds two, and the project trusts both', [FIRST.line, SECOND.line], [FIRST.line, SECOND.line], 2],
])('an agent that %s signs nothing', async (_, held, trusted, count) => {
  await expect(signingKeyOf(hostWith(...held), 'agent', signersOf(...trusted))).rejects.toMatchObject({
    kind: 'unauthenticated',
    message: `the SSH agent holds ${count} keys that could sign`,
  })
})

test('a key with a passphrase is signed with by its file, and known by its public half beside it', async () => {
  const host = hostWith()
  writeFileSync(join(host.cwd, 'id'), 'locked\n')
  writeFileSync(join(host.cwd, 'id.pub'), `${SECOND.line} bob\n`)
  const key = await signingKeyOf(host, { file: 'id' }, [])
  expect(key?.fingerprint).toBe(SECOND.fingerprint)
  expect(await key?.sign(STATEMENT)).toEqual({
    kind: 'ssh',
    armored: `-Y sign -n ${APPROVAL_NAMESPACE} -f\nlocked\n${statementText(STATEMENT)} by id\n`,
  })
})

test('the public half of a key is enough where an agent holds the other', async () => {
  const host = hostWith()
  writeFileSync(join(host.cwd, 'id.pub'), `${SECOND.line} bob\n`)
  expect((await signingKeyOf(host, { file: 'id.pub' }, []))?.fingerprint).toBe(SECOND.fingerprint)
})

test.each([
  ['is not there', 'none', 'none', /cannot be read \(ENOENT\)/],
  ['is a folder', '.', '.', /cannot be read \(EISDIR\)/],
  ['has no public half beside it', 'locked', 'locked.pub', /cannot be read \(ENOENT\)/],
  ['has no key in its public half', 'broken.pub', 'broken.pub', /it is not a public key of SSH/],
])('a file that %s is named', async (_, named, at, says) => {
  const host = hostWith()
  writeFileSync(join(host.cwd, 'locked'), 'locked\n')
  writeFileSync(join(host.cwd, 'broken.pub'), 'ssh-ed25519 !!! bob\n')
  const refused = await signingKeyOf(host, { file: named }, []).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(InputError)
  const { problems } = refused as InputError
  expect(problems).toEqual([expect.objectContaining({ code: 'bad-key', message: expect.stringMatching(says) })])
  expect(JSON.stringify(problems)).toContain(`"${at}"`)
})

const planWith = (store: string | undefined, expires?: number) =>
  partOf<Plan>({
    digest: 'sha256:aa',
    content: { approve: expires === undefined ? null : { expires }, policy: 'sha256:pp' },
    evidence: store === undefined ? {} : { store },
  })

test('a statement is for the store of its plan, with a nonce of 16 bytes, for as long as the workflow says', () => {
  const asked: number[] = []
  const names = {
    hex: (bytes: number) => {
      asked.push(bytes)
      return 'ab'.repeat(bytes)
    },
  }
  const choice = { decision: 'approve', comment: 'a\ud800b\udc00' } as const
  expect(statementOf(planWith('here'), choice, ALICE, EIGHT, names)).toEqual({
    ...STATEMENT,
    comment: 'a\ufffdb\ufffd',
    nonce: 'abababababababababababababababab',
    policy: 'sha256:pp',
  })
  expect(asked).toEqual([16])
  expect(statementOf(planWith('here', 60), choice, ALICE, EIGHT).expires).toBe('2026-01-05T08:01:00.000Z')
})

test('a plan that names no store is approved nowhere', () => {
  expect(() => statementOf(planWith(undefined), { decision: 'approve', comment: '' }, ALICE, EIGHT)).toThrow(
    expect.objectContaining({ kind: 'stale', message: 'the plan names no store that its approvals are for' }),
  )
})
