import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lostWords } from '../../../../src/project/app/store/missing-words.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { BUILT } from '../../../lab/checkout.ts'
import { temporaryFolder } from '../../../lab/folder.ts'

/** Has Node find no package of this name. */
const HIDDEN = `const { Module } = require('node:module')
const found = Module._resolveFilename
Module._resolveFilename = function (name, ...rest) {
  if (name !== 'pg') return found.call(this, name, ...rest)
  throw Object.assign(new Error("Cannot find module 'pg'\\nRequire stack:\\n- here"), { code: 'MODULE_NOT_FOUND' })
}
`

const COMMANDS = [['store', 'check'], ['store', 'init'], ['store', 'migrate'], ['executions']]

test.each(everyNthOfLong(4, 'commands without the package pg', COMMANDS))(
  'without the package pg, `%s %s` says what to install and no require stack',
  (...argv) => {
    const dir = temporaryFolder({
      'hide.cjs': HIDDEN,
      'eosflow.yaml': 'version: 1\nstore: postgres://eosflow@127.0.0.1:1/eosflow\n',
    })
    const words = argv.filter((word) => word !== undefined)
    const { status, stderr } = spawnSync(process.execPath, ['--require', join(dir, 'hide.cjs'), BUILT, ...words], {
      cwd: dir,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, NO_COLOR: '1' },
    })
    expect(status, stderr).toBe(1)
    expect(stderr).toContain('the package pg cannot be loaded')
    expect(stderr).toContain('npm install pg')
    expect(stderr).not.toContain('equire stack')
  },
)

test('[W10] of a chain that several machines remember the newest record is named, once', () => {
  const records = [
    { chain: 'register', n: 4 },
    { chain: 'x1', n: 7 },
    { chain: 'register', n: 6 },
    { chain: 'register', n: 6 },
  ]
  expect(lostWords({ code: '00000000', records, through: 31 })).toBe(
    'the store lacks records that it has acknowledged, up to position 31 (record 6 of the register, 7 of x1)',
  )
})
