import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DC1 } from '../lab/checkout.ts'
import { fileText } from '../lab/files.ts'
import { exits, type Lab, openLab, prints, warns } from '../lab/lab.ts'
import { gitIn } from './git-tree.ts'

const configOf = (name: string) => fileText(DC1, name, 'running-config')
const otherwise = (text: string) => text.replace('name PROD-WEB', 'name WEB')

/** A secret of the configurations of the fabric. */
const CANARY = 'd1-Tr4ce-7Ke'

function lab() {
  const made = openLab()
  made.write('intended/leaf1.cfg', otherwise(configOf('leaf1')))
  made.write('intended/leaf2.cfg', configOf('leaf2'))
  return made
}

const open = (on: Lab) => on.fabric.device('leaf1').counters().commits.timed

describe('drift --against', () => {
  test.each(['intended', 'intended/{{ device.name }}.cfg', 'intended/{{device.name}}.cfg'])(
    '%s: each switch computes the difference, nothing is committed, and no store is made',
    async (word) => {
      const on = lab()
      const aside = readdirSync(tmpdir()).filter((name) => name.startsWith('eosflow-aside-'))
      const { out } = await prints(
        2,
        on.eosflow('drift --against', word, '-t', 'leaf1,leaf2', '--detailed-exitcode'),
        'leaf1   1 of 29 sections differs from intended/leaf1.cfg\n',
        '    -    name PROD-WEB\n    +    name WEB\n',
      )
      expect(out).not.toContain(CANARY)
      expect([open(on), existsSync(join(on.dir, '.eosflow/store.db'))]).toEqual([0, false])
      expect(readdirSync(tmpdir()).filter((name) => name.startsWith('eosflow-aside-'))).toEqual(aside)
    },
  )

  test('no difference is exit 0, and a switch without a file is named', async () => {
    const on = lab()
    on.write('intended/leaf1.cfg', configOf('leaf1'))
    await prints(0, on.eosflow('drift --against intended -t leaf1,leaf3 --detailed-exitcode'), 'leaf3')
  })

  test('a switch that does not answer keeps no other from it: exit 10, and the line that repeats it', async () => {
    const on = lab()
    on.fabric.fault({ device: 'leaf2', kind: 'unreachable' })
    await prints(
      10,
      on.eosflow('drift --against intended -t leaf1,leaf2'),
      'leaf1   1 of 29 sections differs',
      'Next: eosflow drift -t leaf2 --against intended',
    )
  })

  test('as JSON, JUnit and Markdown', async () => {
    const on = lab()
    const argv = ['drift', '--against', 'intended', '-t', 'leaf1'] as const
    const json = await on.eosflow(...argv, '--json', '--junit', 'drift.xml')
    expect(JSON.parse(json.out).switches[0]).toMatchObject({ name: 'leaf1', state: 'differs', by: 'switch' })
    expect(fileText(on.dir, 'drift.xml')).toContain('<testsuite')
    const markdown = await on.eosflow(...argv, '--markdown')
    expect(markdown.out).toContain('leaf1')
    expect(json.out + markdown.out).not.toContain(CANARY)
  })

  test('a branch of Git, also where the project is a folder of its repository', { tags: 'long' }, async () => {
    const on = lab()
    const git = (...args: readonly string[]) => gitIn(on.dir, ...args)
    git('init', '--quiet', '--initial-branch=backups')
    on.write('leaf1.cfg', otherwise(configOf('leaf1')))
    on.write('site/leaf2.cfg', otherwise(configOf('leaf2')))
    git('add', 'leaf1.cfg', 'site/leaf2.cfg')
    git('commit', '--quiet', '-m', 'backups')
    git('checkout', '--quiet', '--orphan', 'main')
    git('rm', '--quiet', '-r', '-f', '.')
    await prints(
      2,
      on.eosflow('drift --against git:backups -t leaf1 --detailed-exitcode'),
      'leaf1   1 of 29 sections differs from leaf1.cfg\n',
    )
    const site = await on.eosflow('drift --against', 'git:backups:site/{{ device.name }}.cfg', '-t', 'leaf2')
    expect(site.out).toContain('leaf2   1 of 29 sections differs from site/leaf2.cfg\n')
    for (const [word, says] of [
      ['git:nowhere', 'there is no commit `nowhere` here'],
      ['git:--upload-pack=x', 'names no commit'],
      ['git:', 'names no commit'],
      ['git:backups:../{{ device.name }}.cfg', 'leads out of the project'],
      ['git:backups:other/{{ device.name }}.cfg', 'there is no file of any of the switches in it'],
    ] as const) {
      const { err } = await exits(3, on.eosflow('drift --against', word, '-t', 'leaf1'))
      expect(err.includes(says)).toBe(true)
    }
  })

  test('a backup without secrets is refused by name', async () => {
    const on = lab()
    on.write('intended/leaf1.cfg', configOf('leaf1').replace(/(username \S+ .*secret) .*/, '$1 <redacted:0123abcd>'))
    expect(fileText(on.dir, 'intended/leaf1.cfg')).toContain('<redacted:0123abcd>')
    await warns(
      3,
      on.eosflow('drift --against intended -t leaf1'),
      'intended/leaf1.cfg:1:1: these are backups without secrets',
    )
  })

  test.each([
    [['--against', 'intended/{{ device.site }}.cfg'], 'names no file of a switch'],
    [['--against', 'intended/{{ device.name }}/{{ x }}.cfg'], 'names no file of a switch'],
    [['--against', '../{{ device.name }}.cfg'], 'leads out of the project'],
    [['--against', '/etc/{{ device.name }}.cfg'], 'leads out of the project'],
    [['--against', 'nowhere'], 'there is no file of any of the switches in it'],
    [['--junit', 'x.xml'], '--junit is of a comparison with files'],
    [['--markdown'], '--markdown is of a comparison with files'],
  ])('%j is refused, and no switch is asked', async (flags, says) => {
    const on = lab()
    const { err } = await exits(3, on.eosflow('drift -t leaf1', ...flags))
    expect(err.includes(says)).toBe(true)
    expect(on.fabric.device('leaf1').counters().requests).toBe(0)
  })
})
