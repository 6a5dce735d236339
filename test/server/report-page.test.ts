import { expect, test } from 'vitest'
import { changeRecordIn } from '../../src/report/change-record/change-record.ts'
import { changeRecordPage } from '../../src/report/change-record/page.ts'
import { startServer } from './bench.ts'

test('the report of a change is given as a file once a checkpoint is signed over it, and reading it writes nothing', async () => {
  const bench = await startServer()
  const ann = bench.browser({ issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' })
  expect((await bench.lab.change()).code).toBe(0)
  const [id = ''] = await bench.app.store.executionIds()
  await bench.app.audit?.checkpoint()
  const before = (await bench.app.store.head()).seq
  const { status, headers, text } = await ann.get(`/executions/${id}/report.html`)
  expect(status, text).toBe(200)
  expect(headers.get('content-disposition')).toBe(`attachment; filename="${id}.html"`)
  expect(text).toContain('leaf1 has the change: confirmed, saved and read back')
  const record = changeRecordIn(text)
  expect(record === undefined ? undefined : changeRecordPage(record)).toBe(text)
  expect((await bench.app.store.head()).seq).toBe(before)
  expect(bench.failures).toEqual([])
})
