import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import * as eosflow from '../src/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

describe('the library', () => {
  test('exports these functions, and they do what the contract says', () => {
    expect(Object.keys(eosflow).sort()).toEqual([
      'EosflowError',
      'applyDiff',
      'diffConfig',
      'invertDiff',
      'mergeConfig',
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

  test('is found under the name of the package, and eosflow/testing beside it', () => {
    const script = `const core = await import('eosflow'); const { startFabric } = await import('eosflow/testing')
      console.log(typeof core.parseConfig, typeof startFabric)`
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })
    expect(said).toBe('function function\n')
  })
})
