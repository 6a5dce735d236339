import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tamper } from '../journal/sqlite/open-for-test.ts'
import { temporaryFolder } from './eosflow.ts'
import { inProcess } from './in-process.ts'
import { leaveRecord } from './leave-record.ts'

const SETTINGS = `version: 1
audit:
  anchors: [{ name: worm, file: worm.note }]
  sinks: [{ name: siem, format: jsonl, file: siem.jsonl }]
`

test('a receiver that is said to have what is not there is named, and sent all of it again', async () => {
  const dir = temporaryFolder()
  writeFileSync(join(dir, 'eosflow.yaml'), SETTINGS)
  await leaveRecord(dir)
  expect(await inProcess(['audit', 'export', '--to', 'siem'], dir)).toMatchObject({ code: 0, stderr: '' })
  const sent = readFileSync(join(dir, 'siem.jsonl'), 'utf8').split('\n').length
  const verify = () => inProcess(['audit', 'verify'], dir)
  expect((await verify()).code).toBe(0)

  tamper(join(dir, '.eosflow/store.db'), 'UPDATE delivery SET position = 99999')
  const found = await verify()
  expect([found.code, found.stdout]).toEqual([
    6,
    expect.stringContaining('anchor worm is said to have 99999 already, and the newest is 3'),
  ])
  const again = await inProcess(['audit', 'export', '--to', 'siem'], dir)
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('3 records from 1 on to siem'),
    stderr: expect.stringContaining('warning: the store says that siem has number 99999, which is not there'),
  })
  expect(again.stderr).toContain('warning: the store says that the anchor worm has number 99999, which is not there')
  expect(readFileSync(join(dir, 'siem.jsonl'), 'utf8').split('\n').length).toBeGreaterThan(2 * sent - 2)
  expect(await verify()).toMatchObject({ code: 0 })
})
