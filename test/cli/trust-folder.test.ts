import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { trustProject } from '../../src/app/trust/trust-project.ts'
import { temporaryFolder } from '../lab/folder.ts'

test.each([
  ['the root', '/'],
  ['nothing', ''],
  ['a blank', ' '],
  ['a folder without eosflow.yaml', 'empty'],
  ['a folder whose eosflow.yaml is a folder', 'odd'],
  ['the folder around projects', '.'],
  ['a link to the root', 'root'],
])('[3G11] %s is not trusted as a project', (_, typed) => {
  const cwd = temporaryFolder({ 'own/eosflow.yaml': 'version: 1\n' })
  mkdirSync(join(cwd, 'empty'))
  mkdirSync(join(cwd, 'odd/eosflow.yaml'), { recursive: true })
  symlinkSync('/', join(cwd, 'root'))
  const env = { HOME: cwd }
  expect(() => trustProject({ cwd, env }, typed, true)).toThrow(/no folder|no such folder/)
  expect(trustProject({ cwd, env }, 'own', true)).toMatchObject({ isTrusted: true, hasChanged: true })
  expect(trustProject({ cwd, env }, join(cwd, 'own'), true)).toMatchObject({ hasChanged: false })
})
