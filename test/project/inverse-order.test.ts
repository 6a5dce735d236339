import { describe, expect, test } from 'vitest'
import { mergeConfig } from '../../src/eos/config/merge.ts'
import { parseConfig, renderConfig } from '../../src/eos/config/text/parse.ts'
import { inverseOf } from '../../src/project/history/plans/inverse.ts'

const GROUP = 'aaa group server tacacs+ G'
const group = (...servers: readonly string[]) =>
  ['hostname a', '!', GROUP, ...servers.map((name) => `   server 10.0.0.${name}`), '!', 'end', ''].join('\n')
const names = (...servers: readonly string[]) =>
  ['hostname a', '!', ...servers.map((name) => `ip name-server vrf M 10.0.0.${name}`), '!', 'end', ''].join('\n')
const domains = (...servers: readonly string[]) =>
  ['hostname a', '!', ...servers.map((name) => `ip domain-list ${name}.example`), '!', 'end', ''].join('\n')
const hosts = (...servers: readonly string[]) =>
  ['hostname a', '!', ...servers.map((name) => `tacacs-server host 10.0.0.${name}`), '!', 'end', ''].join('\n')

const commands = (config: string) => config.split('\n').filter((row) => row !== '!')

type Listed = readonly string[]
type Case = readonly [text: typeof group, base: Listed, target: Listed, now: Listed, after: Listed]

describe('a server that is asked in order is put back in its place', () => {
  test.each<Case>([
    [names, ['1', '2', '3'], ['1', '3'], ['1', '3'], ['1', '2', '3']],
    [names, ['1', '2', '3'], ['3'], ['3'], ['1', '2', '3']],
    [names, ['1', '2', '3', '4'], ['2', '4'], ['2', '4'], ['1', '2', '3', '4']],
    [names, ['1', '2'], ['1'], ['1'], ['1', '2']],
    // Somebody has added one since.
    [names, ['1', '2', '3'], ['1', '3'], ['1', '3', '9'], ['1', '2', '3', '9']],
    [names, ['1', '2', '3'], ['1', '3'], ['9', '1', '3'], ['9', '1', '2', '3']],
    [hosts, ['1', '2', '3'], ['1', '3'], ['1', '3'], ['1', '2', '3']],
    [domains, ['1', '2', '3'], ['1', '3'], ['1', '3'], ['1', '2', '3']],
  ])('[3T13] %o %j -> %j, now %j', (text, base, target, now, after) => {
    const inverse = inverseOf({ base: text(...base), target: text(...target), running: text(...now), allow: ['users'] })
    const merge = inverse.kind === 'applies' ? inverse.merge : undefined
    const undone = renderConfig(mergeConfig(parseConfig(text(...now)), merge ?? []))
    expect(commands(undone)).toEqual(commands(text(...after)))
  })

  test('what stands behind it is taken away, and typed again', () => {
    const [base, target] = [names('1', '2', '3'), names('1', '3')]
    expect(inverseOf({ base, target, running: target, allow: [] })).toMatchObject({
      changes: [{ sign: '+', path: [], line: 'ip name-server vrf M 10.0.0.2' }],
      merge: ['no ip name-server vrf M 10.0.0.3', 'ip name-server vrf M 10.0.0.2', 'ip name-server vrf M 10.0.0.3'],
    })
  })

  test('what no merge may carry comes back with the whole configuration, or not', () => {
    const [base, target] = [group('1', '2', '3'), group('1', '3')]
    const inverse = inverseOf({ base, target, running: target, allow: [] })
    expect(inverse).toMatchObject({ kind: 'applies', replace: base.trimEnd().split('\n') })
    expect(inverse).not.toHaveProperty('merge')
    expect(inverseOf({ base, target, running: group('1', '3', '9'), allow: [] }).kind).toBe('moved')
  })
})
