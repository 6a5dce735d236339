import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exits, warns } from '../lab/exits.ts'
import { eosflow } from './eosflow.ts'
import { failingDisk } from './failing-disk.ts'
import { inProcess } from './in-process.ts'
import { projectWithExecutions } from './project-with-executions.ts'

const SEAL = ['store', 'seal', '--keep', '0', '--reason', 'the disk is nearly full']

test.each([
  ['openSync', 'EROFS'],
  ['fsyncSync', 'ENOSPC'],
  ['linkSync', 'EACCES'],
])('a disk that fails in %s with %s is named, and nothing was sealed', async (fails, code) => {
  const { dir } = await projectWithExecutions()
  await warns(
    1,
    eosflow(SEAL, { cwd: dir, env: failingDisk(fails, code) }),
    new RegExp(`no segment can be put into .*/segments.*${code}.*: its records are in the store as they were\\n`),
  )
  expect(readdirSync(join(dir, '.eosflow/segments')).filter((name) => name.includes('executions-'))).toEqual([])
  await exits(0, inProcess('audit verify', dir))
  expect(await inProcess(SEAL, dir)).toMatchObject({ code: 0, stderr: '' })
})
