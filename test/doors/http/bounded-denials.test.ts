import { expect, test } from 'vitest'
import { decideActs } from '../../../src/doors/http/act/decide.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { openLab } from '../../lab/lab.ts'
import { type ServerBench, until } from '../../lab/server.ts'
import { alice, ann, deskOver, labWith } from './desk.ts'

const person = (id: string): Principal => ({ issuer: 'corp', id, kind: 'person', auth: 'oidc' })

/** The denials on record, as who, how many are left out, and its words. */
async function denials(bench: ServerBench) {
  const { seq } = await bench.app.store.head()
  const trail = bench.app.audit
  if (trail === undefined) throw new Error('no trail')
  const rows = await trail.records(1, seq)
  return rows.flatMap((row) => {
    const { type, principal, leftOut } = JSON.parse(String(row.body)) as {
      type: string
      principal?: Principal
      leftOut?: number
    }
    return type === 'AccessDenied' ? [{ who: principal?.id, leftOut }] : []
  })
}

const { refuse } = decideActs

test('one stranger does not fill the record: beyond twenty denials in a minute one record says how many are left out', {
  tags: 'long',
}, async () => {
  const bench = await openLab({ policy: 'version: 1\nrules: []\n' }).serve({
    tokens: { dave: person('dave'), eve: person('eve') },
  })
  const ask = (who: string, path: string, method = 'GET') =>
    bench.ask(method, path, { token: who, ...(method === 'POST' ? { body: {} } : {}) })
  // By the front and by the engine: both are bounded, and together.
  for (let count = 0; count < 30; count += 1) {
    expect((await ask('dave', '/api/v1/audit/records')).status).toBe(403)
    expect((await ask('dave', '/api/v1/drift-checks', 'POST')).status).toBe(403)
  }
  expect((await ask('eve', '/api/v1/audit/records')).status).toBe(403)
  const soon = await denials(bench)
  expect([soon.filter(({ who }) => who === 'dave').length, soon.filter(({ who }) => who === 'eve').length]).toEqual([
    20, 1,
  ])
  await bench.lab.clock.advance(60_000)
  const ofDave = async () => (await denials(bench)).filter(({ who }) => who === 'dave')
  const counted = async () => (await ofDave()).reduce((sum, { leftOut = 0 }) => sum + 1 + leftOut, 0)
  await until(bench, async () => (await counted()) === 60)
  const all = await ofDave()
  expect(all.length).toBeLessThan(25)
  await bench.lab.clock.advance(60_000)
  expect((await ask('dave', '/api/v1/audit/records')).status).toBe(403)
  expect(await ofDave()).toHaveLength(all.length + 1)
  expect(bench.failures).toEqual([])
})

test('a denial that the front has come to is put on record as it is decided here, with what it is about', async () => {
  const { context, denied } = await deskOver(openLab({ files: { 'policy.yaml': 'version: 1\nrules: []\n' } }))
  const plan = `sha256:${'a'.repeat(64)}`
  await refuse(context, ann, { needs: 'plan.approve', devices: ['leaf1'], plan })
  await refuse(context, ann, { needs: 'plan.read', leftOut: 3 })
  expect(denied).toMatchObject([
    [{ type: 'AccessDenied', needs: 'plan.approve', plan }, 0],
    [{ type: 'AccessDenied', needs: 'plan.read' }, 3],
  ])
  expect(denied[1]?.[0]).not.toHaveProperty('plan')
  await expect(refuse(context, ann, { needs: 'plan.approved' })).rejects.toThrow('there is no scope plan.approved')
})

test('what may be done is no denial, and nothing else than a denial is passed over', async () => {
  const lab = openLab()
  const { context, denied } = await deskOver(lab)
  expect(await refuse(context, ann, { needs: 'plan.read' })).toEqual({})
  expect(denied).toEqual([])
  lab.write('policy.yaml', 'version: 2\n')
  await expect(refuse((await deskOver(lab)).context, ann, { needs: 'plan.read' })).rejects.toThrow(
    '`version` must be `1`, not 2',
  )
})

test('a denial by a window that is closed is one, too', async () => {
  const { context, denied } = await deskOver(labWith({ window: 'closed' }))
  expect(await refuse(context, alice, { needs: 'execution.start', devices: ['leaf1'] })).toEqual({})
  expect(denied).toMatchObject([[{ type: 'AccessDenied', needs: 'execution.start' }, 0]])
})
