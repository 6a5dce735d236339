import { join } from 'node:path'
import { expect, test } from 'vitest'
import { alterStore } from '../journal/store-file.ts'
import { exits, prints, warns } from '../lab/exits.ts'
import { fileText } from '../lab/files.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { inProcess } from './in-process.ts'
import { leaveRecord } from './leave-record.ts'

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
