import { expect, test } from 'vitest'
import { judgeServer, type ServerFacts } from '../../../../src/change/record/postgres/server-check.ts'

const GOOD: ServerFacts = {
  version: 150_018,
  versionWords: '15.18',
  encoding: 'UTF8',
  fsync: 'on',
  fullPageWrites: 'on',
  synchronousCommit: 'on',
  standbyNames: 'db2',
  standbys: [{ name: 'db2', state: 'sync' }],
  isStandby: false,
  isReadOnly: false,
  isPooled: false,
  isEncrypted: true,
  offset: 12,
}

test.each<[string, Partial<ServerFacts>, string, string]>([
  ['a standby is waited for', {}, 'good', 'a commit waits for db2 (synchronous_standby_names = db2)'],
  [
    'none is connected',
    { standbys: [] },
    'warning',
    'synchronous_standby_names = db2, and no such standby is connected: every write waits for one',
  ],
  [
    'another one is connected',
    { standbys: [{ name: 'db3', state: 'async' }] },
    'warning',
    'synchronous_standby_names = db2, and no such standby is connected: every write waits for one',
  ],
  [
    'this user may not see for whom a commit waits',
    { standbys: [{ name: 'db2', state: 'unknown' }] },
    'warning',
    'synchronous_standby_names = db2; db2 is connected, and this user may not see whether a commit waits for it',
  ],
  [
    'its role, its database or its server takes no writes',
    { isReadOnly: true },
    'fault',
    'it takes no writes of this user: default_transaction_read_only is on',
  ],
  [
    'transactions of one connection come to several sessions',
    { isPooled: true },
    'fault',
    'a pooler answers there: two sessions of the server answer one connection',
  ],
  ['it is a standby itself', { isStandby: true }, 'fault', 'it is a standby: it takes no writes'],
])('of a server it says where %s', (_where, facts, level, what) => {
  expect(judgeServer({ ...GOOD, ...facts }, 'replicated')).toContainEqual(expect.objectContaining({ level, what }))
})
