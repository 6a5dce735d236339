import { cursorBehind } from '../../../../src/change/record/event/cursor.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import type { DatabaseProject } from '../../../../src/project/files/database-place.ts'
import { verifyDatabase } from '../../../../src/project/record/audit/verify-database.ts'
import { hostIn, partOf } from '../../../lab/lab.ts'
import { ALICE, PLAN, STATEMENT } from '../one-of-each-event.ts'
import { asAlice, KEY } from '../sqlite/open-for-test.ts'
import { SIGNER } from './filled-store.ts'
import { arm, fired, processOf } from './twice-filled.ts'

/** What a verification of a store names. */
export async function namedBy({ host: server, port, database, user }: PostgresAddress) {
  const place = { host: server, port, database, user }
  const project = partOf<DatabaseProject>({
    dir: '/nowhere',
    store: '/nowhere/.eosflow/store.db',
    database: place,
  })
  const host = hostIn('/nowhere')
  const now = Date.parse('2026-01-05T08:00:00.000Z')
  const evidence = { installKey: { key: KEY, old: [] }, verifier: SIGNER }
  try {
    const { fault } = await verifyDatabase(project, host, evidence, {
      verifier: undefined,
      anchors: [],
      now,
      words: host.words,
    })
    return fault?.reason
  } catch (refusal) {
    return wordsOf(refusal)
  }
}

/** What somebody is answered who reads, lists and appends: each answer as JSON, or what it is refused with. */
export type Answers = Readonly<Record<string, { readonly given?: string; readonly refused?: string }>>

/** Asks a store everything, of two processes: w1, which drives x3, and w2, which would like to. */
export async function askedOf(address: PostgresAddress): Promise<Answers> {
  const answers: Record<string, { given?: string; refused?: string }> = {}
  const ask = async (what: string, act: () => Promise<unknown>) => {
    try {
      answers[what] = { given: JSON.stringify((await act()) ?? null) }
    } catch (refusal) {
      answers[what] = { refused: wordsOf(refusal) }
    }
  }
  let opened: Awaited<ReturnType<typeof processOf>>[] = []
  await ask('open', async () => {
    opened = [await processOf(address, 'w1'), await processOf(address, 'w2')]
  })
  const [owner, other] = opened
  if (owner === undefined || other === undefined) return answers
  try {
    await reads(other, ask)
    await writes(owner, other, ask)
    await ask('checkpoint', () => other.store.audit.checkpoint())
  } finally {
    await Promise.all(opened.map((each) => each.close()))
  }
  return answers
}

type Opened = Awaited<ReturnType<typeof processOf>>
type Ask = (what: string, act: () => Promise<unknown>) => Promise<void>

async function reads({ store, claims, workers, notes }: Opened, ask: Ask) {
  for (const id of ['x1', 'x2', 'x3', 'x4', 'x5']) await ask(`read ${id}`, () => store.read(id))
  await ask('list', () => store.executions())
  await ask('list open', () => store.openExecutions())
  await ask('newest', () => store.resolveExecution('@latest'))
  await ask('tail', () => store.tail(cursorBehind({ seq: 0 })))
  await ask('head', () => store.head())
  await ask('approvals', () => store.approvals(PLAN))
  await ask('approval uses', () => store.approvalUses(PLAN))
  await ask('plan', () => store.planMade(PLAN))
  await ask('runs of a plan', () => store.planRuns(PLAN))
  await ask('freezes', () => store.freezes('2026-01-05T08:00:00.000Z'))
  await ask('schedules', () => store.schedules())
  await ask('stop', () => store.stopRequest('x2', cursorBehind({ seq: 0 })))
  await ask('snapshots', () => store.snapshots())
  const refs = ['the plan', 'what was there', 'another plan']
  await ask('texts', () => Promise.all(refs.map(async (text) => store.get(await store.put(text)))))
  for (const device of ['leaf1', 'leaf2', 'leaf3', 'leaf4', 'leaf5'])
    await ask(`lease of ${device}`, () => store.leaseOf(device))
  for (const receiver of ['sink siem', 'anchor worm'])
    await ask(`delivery ${receiver}`, () => store.audit.delivery(receiver))
  await ask('checkpoints', () => store.audit.checkpoints(0))
  await ask('claimed', () => Promise.all(['inventory', 'schedules', 'x2', 'x3'].map((name) => claims.isClaimed(name))))
  await ask('died', () => Promise.all(['x2', 'x3'].map((id) => workers.hasDied(id))))
  await ask('workers', async () => (await workers.list()).map(({ age: _, ...worker }) => worker))
  for (const name of ['one', 'two']) await ask(`note ${name}`, async () => noteIn(await notes.read('session', name)))
  await ask('notes', () => notes.all('session'))
}

async function writes(owner: Opened, other: Opened, ask: Ask) {
  const [w1, w2] = [asAlice(owner.store), asAlice(other.store)]
  const appended = (by: typeof w1, execution: string | undefined, ...events: Parameters<typeof w1.append>[1]) =>
    by.append(execution, events).then((written) => written.map(({ type }) => type))
  await ask('a new one takes a switch that is free', () => appended(w2, 'x8', arm('leaf1')))
  await ask('another one that is free', () => appended(w2, 'x8', arm('leaf4'), arm('leaf6')))
  await ask('a new one takes a switch that is held', () => appended(w2, 'x9', arm('leaf3')))
  await ask('a new one takes one in quarantine', () => appended(w2, 'x10', { ...arm('leaf2'), act: 'stage' }))
  await ask('a stranger takes over', () => appended(w2, 'x3', { type: 'ExecutionResumed' }))
  await ask('the owner goes on', () =>
    appended(w1, 'x3', { type: 'StateEntered', path: '', state: 'on' }, arm('leaf3')),
  )
  await ask('the owner writes to its switch', async () => void (await w1.fence('x3', 'leaf3')))
  await ask("one that is nobody's is taken", () =>
    appended(w2, 'x2', { type: 'ExecutionResumed' }, { ...arm('leaf2'), act: 'confirm' }),
  )
  await ask('and written to its switch', async () => void (await w2.fence('x2', 'leaf2')))
  await ask('an approval is used again', () =>
    appended(w2, 'x2', { type: 'ApprovalUsed', plan: PLAN, nonce: STATEMENT.nonce }),
  )
  await ask('an instant is decided again', () => appended(w2, undefined, fired('nightly')))
  await ask('another instant is decided', () => appended(w2, undefined, fired('weekly')))
  await ask('a freeze is set', () =>
    appended(w2, undefined, {
      type: 'FreezeSet',
      principal: ALICE,
      reason: 'INC-2',
      until: '2026-01-05T09:00:00.000Z',
    }),
  )
  await ask('and heeded', () => appended(w2, 'x11', arm('leaf7')))
  await ask('one of a dead process is taken', () => appended(w2, 'x5', { type: 'ExecutionResumed' }))
  for (const name of ['inventory', 'schedules']) {
    await ask(`w2 claims ${name}`, async () => held(await (await other.claims.claim(name)).renew()))
    await ask(`w1 claims ${name}`, async () => held(await (await owner.claims.claim(name)).renew()))
  }
  await ask('w2 claims what nobody has', async () => held(await (await other.claims.claim('schedulesx')).renew()))
  await ask('a text is put', () => other.store.put('one more'))
  await ask('a receiver has more', async () => {
    await other.store.audit.delivered('sink siem', 14)
    return other.store.audit.delivery('sink siem')
  })
}

/** Whoever has no note is not let in. */
function noteIn(note: { readonly text: string } | undefined) {
  if (note === undefined) throw new EosflowError('refused', 'there is no such note')
  return note.text
}

function held(isHeld: boolean) {
  if (!isHeld) throw new EosflowError('busy', 'another process has claimed it')
}

function wordsOf(refusal: unknown) {
  return refusal instanceof EosflowError ? `${refusal.kind}: ${refusal.message}` : String(refusal)
}
