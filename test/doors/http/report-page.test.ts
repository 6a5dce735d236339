import { expect, test } from 'vitest'
import { signedChangeRecord } from '../../../src/project/history/execution-view.ts'
import { changeRecordIn, changeRecordPage } from '../../../src/report/change-record/change-record.ts'
import { exits, openLab } from '../../lab/lab.ts'
import { idle } from '../../lab/server.ts'

test('where no checkpoint covers the change yet, asking for its report as a file has one signed, once', async () => {
  const bench = await openLab().serve()
  const ann = bench.browser({ issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' })
  const id = await ann.begin()
  await idle(bench)
  const { plan } = await ann.seen(id)
  expect((await ann.post(`/api/v1/plans/${plan}/decisions`, { decision: 'reject' })).status).toBe(200)
  expect(await signedChangeRecord(bench.app, id)).toBeUndefined()
  const checkpoints = async () => (await bench.app.audit?.checkpoints(0))?.length
  const before = (await checkpoints()) ?? 0
  const first = await ann.get(`/executions/${id}/report.html`)
  expect(first.status, first.text).toBe(200)
  expect(first.headers.get('content-disposition')).toBe(`attachment; filename="${id}.html"`)
  const record = changeRecordIn(first.text)
  expect(record === undefined ? undefined : changeRecordPage(record)).toBe(first.text)
  expect((await ann.get(`/executions/${id}/report.html`)).text).toBe(first.text)
  expect(await checkpoints()).toBe(before + 1)
  expect(bench.failures).toEqual([])
})

test('the report for a ticket is Markdown: the verdict, each switch, the plan', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await openLab().serve()
  const ann = bench.browser({ issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' })
  await exits(0, bench.lab.change())
  const [id = ''] = await bench.app.store.executionIds()
  const { status, headers, text } = await ann.get(`/api/v1/executions/${id}/report.md`)
  expect([status, headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8'])
  expect(text.split('\n')[0]).toBe('### leaf1 has the change: confirmed, saved and read back')
  expect(text).toMatch(/^\| leaf1 \| 1 \| /m)
  expect(text).toContain('### eosflow plan: add-a-vlan')
  expect(text).toContain('+ vlan 998')
})
