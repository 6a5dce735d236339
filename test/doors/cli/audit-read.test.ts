import { generateKeyPairSync, sign } from 'node:crypto'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { approvalChallenge, serverSignature, statementFor, statementText } from '../../../src/change/policy/approval.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { Connection } from '../../../src/change/record/sqlite/connection.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../../src/model/approval.ts'
import { signingKeyOf } from '../../../src/model/ed25519.ts'
import {
  APPROVAL_NAMESPACE,
  armoredSshSignature,
  ED25519,
  signedData,
  sshString,
} from '../../../src/project/identity/ssh/ssh-allowed-signers.ts'
import { STARTED } from '../../change/record/one-of-each-event.ts'
import { asAlice } from '../../change/record/sqlite/open-for-test.ts'
import { alterStore } from '../../change/record/store-file.ts'
import { exits, fileText, inProcess, prints, temporaryFolder, warns } from '../../lab/lab.ts'
import { virtualPasskey } from '../../project/identity/virtual-passkey.ts'
import { leaveRecord, openStoreIn } from './project-with-executions.ts'

const entered: EventBody = { type: 'StateEntered', path: '', state: 'Push' }
const DAY = 86_400_000

/** A project whose store has ten executions of 100 records, one a day from 2026-01-05T08:00Z on, and a word to the third one behind them. */
async function tenDays(...last: readonly EventBody[]) {
  const dir = temporaryFolder({ 'eosflow.yaml': 'version: 1\n' })
  await exits(0, inProcess('audit key', dir))
  const clock = new VirtualClock()
  const store = asAlice(await openStoreIn(dir, clock))
  for (let day = 0; day < 10; day += 1) {
    await store.append(
      `x${day}`,
      Array.from({ length: 100 }, () => entered),
    )
    await clock.advance(DAY)
  }
  await store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'late' }, ...last])
  await store.close()
  return dir
}

/** How many records a list has, and how many were read for it and to open the store. */
async function listed(dir: string, ...argv: readonly string[]) {
  let read = 0
  const { all } = Connection.prototype
  const spy = vi.spyOn(Connection.prototype, 'all').mockImplementation(function (this: Connection, text, ...values) {
    const rows = all.call(this, text, ...values) as readonly { readonly body?: string }[]
    read += rows.filter(({ body }) => body !== undefined).length
    return rows as never
  })
  onTestFinished(() => spy.mockRestore())
  const { stdout: out, code } = await inProcess(['audit list --json', ...argv], dir)
  spy.mockRestore()
  expect([code, out]).toEqual([0, expect.any(String)])
  return [JSON.parse(out).records.length, read]
}

test('a list of the record reads no more than what its execution and its times leave', {
  tags: ['long', 'turn'],
}, async () => {
  const dir = await tenDays()
  // The search for a time takes ten steps, and reads two rows in each; opening the store reads one or three.
  expect(await listed(dir, '--execution', 'x9')).toEqual([100, 101])
  expect(await listed(dir, '--execution', 'x2')).toEqual([101, 803])
  expect(await listed(dir, '--since', '2026-01-14')).toEqual([101, 121])
  expect(await listed(dir, '--until', '2026-01-06')).toEqual([100, 121])
  expect(await listed(dir, '--since', '2026-01-07', '--until', '2026-01-08')).toEqual([100, 141])
  expect(await listed(dir, '--execution', 'x9', '--until', '2026-01-06')).toEqual([0, 20])
  expect(await listed(dir)).toEqual([1_001, 1_003])
})

test('where a clock was accepted every record is read for a time', { tags: ['long', 'turn'] }, async () => {
  const accepted: EventBody = {
    type: 'ClockAccepted',
    principal: { issuer: 'local', id: 'local:1000:alice@noc1', kind: 'person', auth: 'os' },
    reason: 'a year ahead',
    latest: '2026-01-15T08:00:00.000Z',
    now: '2026-01-15T08:00:00.000Z',
    agreeing: 1,
  }
  const dir = await tenDays(accepted)
  expect(await listed(dir, '--since', '2026-01-14')).toEqual([102, 1_007])
})

const NOW = Date.UTC(2026, 0, 5, 8)
const PASSKEY = virtualPasskey('EdDSA')
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const POINT = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)

const statementOf = (plan: string): ApprovalStatement =>
  statementFor({
    plan,
    store: 'eosflow.audit/0123456789abcdef',
    decision: 'approve',
    approver: { issuer: 'corp', id: 'ann', kind: 'person', auth: 'passkey' },
    now: NOW,
    validFor: 3_600_000,
    nonce: '00112233445566778899aabbccddeeff',
    comment: '',
    policy: null,
  })

function sshSignature(statement: ApprovalStatement, type: string, namespace = APPROVAL_NAMESPACE): ApprovalSignature {
  const key = Buffer.concat([sshString(type), sshString(POINT)])
  const parts = { key, namespace, reserved: Buffer.alloc(0), hash: 'sha512' } as const
  const made = sign(null, signedData(statementText(statement), parts), privateKey)
  return {
    kind: 'ssh',
    armored: armoredSshSignature({ ...parts, signature: Buffer.concat([sshString(type), sshString(made)]) }),
  }
}

const passkeySignature = (statement: ApprovalStatement, flags = 0x05): ApprovalSignature => {
  const { credential, key } = PASSKEY
  const answer = PASSKEY.answer(approvalChallenge(statement).toString('base64url'), { flags })
  return { kind: 'webauthn', ...answer, credential, key }
}

/** A genuine signature of each kind over a statement. */
const SIGNATURES: Readonly<Record<string, (statement: ApprovalStatement) => ApprovalSignature>> = {
  passkey: (statement) => passkeySignature(statement),
  installation: (statement) => serverSignature(signingKeyOf(Buffer.alloc(32, 1)), statement),
  'SSH key': (statement) => sshSignature(statement, ED25519),
}

interface Place {
  readonly dir: string
  eosflow(...argv: readonly string[]): ReturnType<typeof inProcess>
  append(execution: string | undefined, ...events: readonly EventBody[]): Promise<void>
  decide(statement: ApprovalStatement, signature?: ApprovalSignature): Promise<void>
}

const ENDED: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }

async function project(): Promise<Place> {
  const dir = temporaryFolder({ 'eosflow.yaml': 'version: 1\n' })
  const eosflow = (...argv: readonly string[]) => inProcess(argv, dir)
  await exits(0, eosflow('audit', 'key'))
  const append = async (execution: string | undefined, ...events: readonly EventBody[]) => {
    const store = await openStoreIn(dir)
    await asAlice(store).append(execution, events)
    await store.close()
  }
  return {
    dir,
    eosflow,
    append,
    decide: (statement, signature) => {
      const signed = signature === undefined ? {} : { signature }
      return append(undefined, { type: 'ApprovalDecided', statement, seal: 'hmac:0', ...signed })
    },
  }
}

/** What `audit verify` says in JSON, of the store or of a file. */
async function verified({ eosflow }: Place, ...file: readonly string[]) {
  const { stdout, code } = await eosflow('audit', 'verify', ...file, '--json')
  return { code, ...JSON.parse(stdout) }
}

test('the signatures under decisions are verified, in the store, in a segment of it and in an export', async () => {
  const place = await project()
  for (const make of Object.values(SIGNATURES)) {
    const statement = statementOf('sha256:aa')
    await place.decide(statement, make(statement))
  }
  const hardware = statementOf('sha256:bb')
  await place.decide(hardware, sshSignature(hardware, 'sk-ssh-ed25519@openssh.com'))
  await place.decide(hardware)
  for (const id of ['x1', 'x2', 'x3']) await place.append(id, STARTED, ENDED)
  const found = { code: 0, fault: null, decisions: { verified: 3, unchecked: 1 } }
  expect(await verified(place)).toMatchObject(found)
  await prints(
    0,
    place.eosflow('audit verify'),
    '\n  3 signed decisions verified\n',
    '\n! 1 signed decision not checked: ',
  )
  await exits(0, place.eosflow('audit export --format jsonl --to all.jsonl'))
  expect(await verified(place, 'all.jsonl')).toMatchObject(found)
  const sealed = await place.eosflow('store seal --keep 1 --reason', 'the disk is nearly full')
  expect(sealed.stdout, sealed.stderr).toMatch(/^\.eosflow\/segments\/executions-\d+-\d+-/)
  expect(await verified(place)).toMatchObject(found)
})

test.each([
  ['a passkey, over another statement', () => passkeySignature(statementOf('sha256:other'))],
  ['a passkey, without its person', () => passkeySignature(statementOf('sha256:aa'), 0x01)],
  [
    'an installation, over another statement',
    () => serverSignature(signingKeyOf(Buffer.alloc(32, 1)), statementOf('sha256:x')),
  ],
  ['an SSH key, over another statement', () => sshSignature(statementOf('sha256:other'), ED25519)],
  ['an SSH key, for something else', () => sshSignature(statementOf('sha256:aa'), ED25519, 'file')],
  ['an SSH key, that is none', () => ({ kind: 'ssh', armored: 'yes' }) as const],
] as const)('a decision that somebody with the install key has put there is found: %s', async (_name, signature) => {
  const place = await project()
  await place.decide(statementOf('sha256:aa'), signature())
  const fault = {
    seq: expect.any(Number),
    reason: 'the signature of the decision is not one over its statement',
  }
  expect(await verified(place)).toMatchObject({ code: 6, fault })
  await exits(0, place.eosflow('audit export --format jsonl --to all.jsonl'))
  expect(await verified(place, 'all.jsonl')).toMatchObject({ code: 6, fault })
})

const SETTINGS = `version: 1
audit:
  anchors: [{ name: worm, file: worm.note }]
  sinks: [{ name: siem, format: jsonl, file: siem.jsonl }]
`

test('[S22] how far a receiver is, altered, is named, and nothing is sent by that', async () => {
  const dir = temporaryFolder({ 'eosflow.yaml': SETTINGS })
  await leaveRecord(dir)
  expect(await inProcess('audit export --to siem', dir)).toMatchObject({ code: 0, stderr: '' })
  const sent = fileText(dir, 'siem.jsonl')
  const verify = () => inProcess('audit verify', dir)
  await exits(0, verify())
  for (const position of [99_999, 1]) {
    alterStore(join(dir, '.eosflow/store.db'), `UPDATE delivery SET position = ${position}`)
    await prints(6, verify(), /is said to have 99999 already|how far receivers of records and checkpoints are/)
    await warns(
      4,
      inProcess('audit export --to siem', dir),
      'how far receivers of records and checkpoints are is not what was sealed last',
    )
    expect(fileText(dir, 'siem.jsonl')).toBe(sent)
  }
})
