import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { warns } from '../lab/exits.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { inProcess } from './in-process.ts'

const OF_RECORDS = [
  'audit accept-clock --reason x',
  'audit export',
  'audit list',
  'audit verify',
  'bundle list',
  'drain w1',
  'executions',
  'history @latest',
  'redrive @latest',
  'release-device leaf1 --reason x',
  'resume',
  'rollback @latest',
  'schedule list',
  'snapshot list',
  'stop @latest',
  'store backup copy.db',
  'store check',
  'store seal',
  'suspend @latest',
  'unfreeze',
  'watch @latest',
  'workers',
]

test.each(OF_RECORDS)('%s of a store that is not there makes none', async (words) => {
  const dir = temporaryFolder({ 'eosflow.yaml': 'version: 1\n' })
  const { stdout } = await warns(
    3,
    inProcess([...words.split(' '), '--store', 'nosuch.db'], dir),
    'nosuch.db:1:1: there is no such store',
  )
  expect(stdout).toBe('')
  expect(readdirSync(dir)).toEqual(['eosflow.yaml'])
})
