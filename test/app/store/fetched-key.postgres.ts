import { appendFileSync, chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newProject } from '../../cli/eosflow.ts'
import { inProcess } from '../../cli/in-process.ts'
import { emptyDatabase, serverForTests, urlOf } from '../../postgres/store-for-test.ts'
import { writeStore } from './moved-project.ts'

const servers = serverForTests()
const KEY = '5'.repeat(64)

test('the install key is fetched when a process begins, is written nowhere, and a wrong one is refused by name', async () => {
  const dir = await newProject()
  writeStore(dir, urlOf(await emptyDatabase(servers.server)))
  const kept = join(dir, '..', 'kept.key')
  writeFileSync(kept, `${KEY}\n`, { mode: 0o600 })
  const program = join(dir, '..', 'kms')
  writeFileSync(program, `#!/bin/sh\ncat '${kept}'\n`)
  chmodSync(program, 0o755)
  appendFileSync(
    join(dir, 'eosflow.yaml'),
    `key: '\${exec:kms?install}'\nsecrets: { exec: { kms: { command: ['${program}', '{key}'] } } }\n`,
  )
  rmSync(join(dir, '.eosflow'), { recursive: true, force: true })
  expect(await inProcess('store init', dir)).toMatchObject({ code: 0 })
  expect(await inProcess('executions', dir)).toMatchObject({ code: 0, stderr: '' })
  expect(await inProcess('audit verify', dir)).toMatchObject({ code: 0 })
  expect(existsSync(join(dir, '.eosflow/install.key'))).toBe(false)
  expect(readFileSync(join(dir, '.eosflow/checkpoint.key'), 'utf8')).not.toContain(KEY)
  const same = await inProcess('executions', dir, undefined, { EOSFLOW_KEY: KEY })
  expect(same).toMatchObject({ code: 0 })

  writeFileSync(kept, `${'6'.repeat(64)}\n`)
  const wrong = await inProcess('executions', dir)
  expect(wrong).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/under another key: under [0-9a-f]{8}, and the one here is [0-9a-f]{8}/),
  })
  expect(wrong.stderr).not.toContain('6666')
  rmSync(kept)
  expect(await inProcess('executions', dir)).toMatchObject({ stderr: expect.stringContaining('exec:kms') })
})
