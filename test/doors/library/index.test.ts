import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import * as eosflow from '../../../src/index.ts'
import { exportedNames } from './schemas.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

describe('the library', () => {
  test('exports these functions, and they do what the contract says', () => {
    expect(Object.keys(eosflow).sort()).toEqual([
      'EosflowError',
      'InputError',
      'applyDiff',
      'diffConfig',
      'invertDiff',
      'mergeConfig',
      'openProject',
      'parseConfig',
      'presentChanges',
      'redact',
      'renderConfig',
      'renderTemplate',
      'validateStateMachine',
    ])
    const { parseConfig, mergeConfig, diffConfig, applyDiff, invertDiff, renderConfig, redact } = eosflow
    const before = parseConfig('interface Ethernet1\n   description old\n')
    const after = mergeConfig(before, ['interface Ethernet1', 'description new'])
    expect(renderConfig(after)).toBe('interface Ethernet1\n   description new\n')
    const diff = diffConfig(before, after)
    expect(renderConfig(applyDiff(before, diff))).toBe('interface Ethernet1\n   description new\n')
    expect(renderConfig(applyDiff(after, invertDiff(diff)))).toBe('interface Ethernet1\n   description old\n')
    expect(redact('enable secret sha512 $6$x$y')).toBe('enable secret sha512 <redacted>')
  })

  test('has each exported name in its report', () => {
    const report = readFileSync(new URL('../../golden/library-api.md', import.meta.url), 'utf8')
    for (const [module, file] of [
      ['eosflow', 'index.ts'],
      ['eosflow/testing', 'testing.ts'],
    ]) {
      const names = exportedNames(readFileSync(new URL(`../../../src/${file}`, import.meta.url), 'utf8')).map(
        ({ name }) => name,
      )
      const [, listed = ''] = new RegExp(`^## ${module}\\n(.*)$`, 'm').exec(report) ?? []
      expect(listed.split(', ')).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)).map((name) => `\`${name}\``))
      expect(names.length).toBeGreaterThan(10)
    }
  })

  test('is found under the name of the package, and eosflow/testing beside it', { tags: ['long', 'turn'] }, () => {
    const script = `const core = await import('eosflow'); const { startFabric } = await import('eosflow/testing')
      console.log(typeof core.parseConfig, typeof startFabric)`
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })
    expect(said).toBe('function function\n')
  })
})
