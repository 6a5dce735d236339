import { describe, expect, test } from 'vitest'
import { readState } from '../../../../src/change/engine/fold.ts'
import { endFreezes, setFreeze } from '../../../../src/features/freeze/set-freeze.ts'
import type { Principal } from '../../../../src/model/principal.ts'
import { requireAllowed } from '../../../../src/project/access/policy/authority.ts'
import { aboutExecution } from '../../../../src/project/access/policy/entry.ts'
import { beginChange } from '../../../../src/project/execution/begin/begin-change.ts'
import { begin } from '../../../../src/project/execution/journal/begin.ts'
import { stop, stopEveryOpen } from '../../../../src/project/execution/stop/stop.ts'
import { suspend } from '../../../../src/project/execution/stop/suspending.ts'
import { unreadInForce } from '../../../../src/project/history/bundle/app-for.ts'
import { published as onPublished } from '../../../../src/project/history/bundle/published.ts'
import { type App, appWith, asking, openLab, preparedIn, whileTimePasses, workflowFor } from '../../../lab/lab.ts'
import { ANN, openedIn, published } from './opened.ts'

const FILE = 'workflows/leaf.yaml'
const BOB: Principal = { issuer: 'corp', id: 'bob', kind: 'person', auth: 'oidc' }
const ANNS = ['plan.create', 'execution.start', 'execution.read', 'execution.stop', 'audit.read', 'bundle.publish']
const POLICY = `version: 1
roles: { noc: { members: ['${ANN.id}'] } }
rules: [ { id: noc, to: [noc], allow: [${ANNS.join(', ')}, task.snapshot, task.plan, task.push, task.rollback] } ]
`

/** A store in which one text was altered: whoever asks for it hears so. */
function altered(app: App, words: string) {
  const store = new Proxy(app.store, {
    get: (of, name) => {
      const member: unknown = Reflect.get(of, name)
      if (name === 'get') return async (ref: string) => (await of.get(ref)).replace(words, 'altered')
      return typeof member === 'function' ? member.bind(of) : member
    },
  })
  return appWith(app, { store })
}

/** A process that works with what is published, one text of which was altered: as a command opens it, and with an execution that is open. */
async function opened(
  words: string,
  { before = [], hasFiles = true }: { readonly before?: readonly string[]; readonly hasFiles?: boolean } = {},
) {
  const lab = openLab({ files: { [FILE]: workflowFor('leaf1'), 'policy.yaml': POLICY } })
  for (const policy of [...before, POLICY]) {
    lab.write('policy.yaml', policy)
    await published(await openedIn(lab.dir, { lab }))
  }
  const folder = await openedIn(lab.dir, { lab })
  const newest = await onPublished(folder)
  const prepared = preparedIn(newest, FILE)
  const { id } = await begin(newest, asking(ANN), { judged: 'elsewhere', purpose: 'run', prepared })
  const app = altered(await openedIn(lab.dir, { lab }), words)
  const error: unknown = await onPublished(app).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toMatchObject({
    kind: 'stale',
    message: expect.stringContaining('is not what its digest says'),
    hint: expect.stringContaining('Change that file, if only by a comment, and publish'),
  })
  // A server that works with what is published needs no files of its own.
  const without = { files: () => undefined, stands: () => false, policy: () => undefined }
  const at = appWith(app, { project: { ...app.project, ...(hasFiles ? {} : without) } })
  return { lab, app: { ...at, project: { ...at.project, inForce: await unreadInForce(at, error) } }, id }
}

const silent = () => () => undefined
const NOT_AUTHORISED = { kind: 'not-authorised' }

describe.each([
  ['a workflow', 'vlan 998'],
  ['the policy', 'id: noc'],
])('where %s of the bundle in force was altered in the store', (_, words) => {
  test('[3G10] the record is read by whom the policy lets, and by nobody else', async () => {
    const { app, id } = await opened(words)
    const state = await readState(app.store, id)
    await requireAllowed(app, asking(ANN), 'audit.read')
    await requireAllowed(app, asking(ANN), 'execution.read', aboutExecution(state))
    await requireAllowed(app, asking(ANN), 'workflow.list', { workflow: FILE }).catch((error: unknown) =>
      expect(error).toMatchObject(NOT_AUTHORISED),
    )
    await expect(requireAllowed(app, asking(BOB), 'audit.read')).rejects.toMatchObject(NOT_AUTHORISED)
  })

  test('[3G10] a freeze is set, and not ended', async () => {
    const { app } = await opened(words)
    const { freeze } = await setFreeze(app, asking(ANN), { reason: 'INC-1' })
    expect(freeze).toMatchObject({ type: 'FreezeSet', reason: 'INC-1' })
    await expect(endFreezes(app, asking(ANN), { reason: 'x' })).rejects.toMatchObject({ kind: 'stale' })
    await expect(setFreeze(app, asking(BOB), { reason: 'x' })).rejects.toMatchObject(NOT_AUTHORISED)
  })

  test('[3G10] an execution is suspended, and stopped to its end', async () => {
    const { lab, app, id } = await opened(words)
    const resting = suspend(app, asking(ANN), { execution: id, reason: 'x' }, silent)
    expect(await whileTimePasses(lab.clock, resting)).toMatchObject({ kind: 'rests-already' })
    const stopping = stop(app, asking(ANN), { execution: id, reason: 'x' }, silent)
    const { kind, state } = await whileTimePasses(lab.clock, stopping)
    expect([kind, state.status, state.outcome]).toEqual(['stopped', 'ended', 'cancelled'])
  })

  test('[3G10] all are stopped', async () => {
    const { lab, app, id } = await opened(words)
    const told: unknown[] = []
    const request = { reason: 'x', restored: false }
    const stopping = stopEveryOpen(app, asking(ANN), request, (one) => told.push([one.state?.status, one.error]))
    expect(await whileTimePasses(lab.clock, stopping)).toBe(1)
    expect(told).toEqual([['ended', undefined]])
    expect((await readState(app.store, id)).status).toBe('ended')
  })

  test('nothing begins', async () => {
    const { app } = await opened(words)
    const prepared = preparedIn(app, FILE)
    await expect(beginChange(app, asking(ANN), { prepared })).rejects.toMatchObject({ kind: 'stale' })
    await expect(requireAllowed(app, asking(ANN), 'bundle.publish')).rejects.toMatchObject({ kind: 'stale' })
  })
})

describe('where the policy of the bundle in force was altered, and the folder has no files', () => {
  const CAT: Principal = { issuer: 'corp', id: 'cat', kind: 'person', auth: 'oidc' }
  /** What was in force before: the auditor read, too, and only she froze. */
  const FORMER = `version: 1
roles: { former: { members: ['corp:sub:cat'] }, ann: { members: ['${ANN.id}'] } }
rules: [ { id: former, to: [former], allow: [audit.read, execution.stop] }, { id: ann, to: [ann], allow: [bundle.publish] } ]
`
  test('the policy that can be read last decides who reads and who brakes', async () => {
    const { app } = await opened('id: noc', { before: [FORMER], hasFiles: false })
    await requireAllowed(app, asking(CAT), 'audit.read')
    await expect(requireAllowed(app, asking(BOB), 'audit.read')).rejects.toMatchObject(NOT_AUTHORISED)
    await expect(requireAllowed(app, asking(ANN), 'audit.read')).rejects.toMatchObject(NOT_AUTHORISED)
    await expect(setFreeze(app, asking(BOB), { reason: 'x' })).rejects.toMatchObject(NOT_AUTHORISED)
    expect((await setFreeze(app, asking(CAT), { reason: 'x' })).freeze).toMatchObject({ type: 'FreezeSet' })
  })

  test('a file beside the policy keeps nobody from reading by it', async () => {
    const { app } = await opened('vlan 998', { hasFiles: false })
    await requireAllowed(app, asking(ANN), 'audit.read')
    await expect(requireAllowed(app, asking(BOB), 'audit.read')).rejects.toMatchObject(NOT_AUTHORISED)
  })

  test('where none can be read people brake, and only the user of the machine reads', async () => {
    const { app, id } = await opened('id: noc', { hasFiles: false })
    const state = await readState(app.store, id)
    for (const scope of ['audit.read', 'execution.read'] as const) {
      await requireAllowed(app, asking(ANN), scope, aboutExecution(state))
      await expect(requireAllowed(app, asking(BOB), scope, aboutExecution(state))).rejects.toMatchObject(NOT_AUTHORISED)
    }
    expect((await setFreeze(app, asking(BOB), { reason: 'x' })).freeze).toMatchObject({ type: 'FreezeSet' })
    const service: Principal = { issuer: 'corp', id: 'bot', kind: 'service', auth: 'oidc' }
    await expect(setFreeze(app, asking(service), { reason: 'x' })).rejects.toMatchObject(NOT_AUTHORISED)
    await expect(endFreezes(app, asking(ANN), { reason: 'x' })).rejects.toMatchObject({ kind: 'stale' })
  })
})
