import { relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pasteable } from '../../src/cli/pasted.ts'
import { silentIo } from '../../src/cli/workflow-test/silent-io.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { type Lab, openLab, workflowFor } from '../lab/lab.ts'

const REACHABLE = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }'
const NONE = { json: false, askPassword: false, insecureTls: false, verbose: 0 }

/** What a terminal prints of a text, on the command line of which these flags were. */
function printed(text: string, flags: object) {
  let said = ''
  const io = {
    ...silentIo(temporaryFolder()),
    out: (one: string) => {
      said += one
    },
  }
  pasteable(io, { ...NONE, ...flags }).out(text)
  return said
}

test.each([
  ['of the project', { project: 'my net' }, 'Next: eosflow show x1\n', "Next: eosflow -C 'my net' show x1\n"],
  [
    'of the store, in every command of the line and of the lines below',
    { project: 'net', store: 's.db' },
    'done\nNext: eosflow approve a && eosflow run a\n      To alter it: eosflow plan w.yaml\n',
    'done\nNext: eosflow -C net --store s.db approve a && eosflow -C net --store s.db run a\n      To alter it: eosflow -C net --store s.db plan w.yaml\n',
  ],
  [
    'of logins, where switches are logged in to',
    { askPassword: true, insecureTls: true },
    'Next: eosflow approve a && eosflow run a\n',
    'Next: eosflow approve a && eosflow --ask-password --insecure-tls run a\n',
  ],
  ['of none, where none were given', {}, 'Next: eosflow show x1\n', 'Next: eosflow show x1\n'],
  ['once', { project: 'net' }, 'Next: eosflow plan w.yaml -C net\n', 'Next: eosflow plan w.yaml -C net\n'],
  ['not of what makes a project', { project: 'net' }, 'Next: eosflow init\n', 'Next: eosflow init\n'],
  [
    'not where one goes into it',
    { project: 'a' },
    'Next: cd a\n      eosflow run w\n',
    'Next: cd a\n      eosflow run w\n',
  ],
  ['not in other lines', { project: 'net' }, 'Next: eosflow show a\nand so on\n', 'Next: eosflow show a\nand so on\n'],
])('a next line has the flags %s', (_which, flags, text, line) => {
  expect(printed(text, flags)).toBe(line)
})

/** Types what the last line says comes next, as a shell would, where the command was typed. */
async function paste(lab: Lab, folder: string, out: string) {
  const [, line = ''] = /^Next: (.*)\n$/m.exec(out.slice(out.lastIndexOf('Next: '))) ?? []
  for (const command of line.split(' && ')) {
    const [program, ...argv] = command.split(' ')
    expect(program, line).toBe('eosflow')
    const { code, err } = await lab.eosflowIn(folder, ...argv)
    expect([0, 2, 12], `${command}: ${err}`).toContain(code)
  }
  return line.split(' && ')
}

describe('from another folder, with -C', () => {
  test('every next line does as it is what it says', { tags: 'long' }, async () => {
    const files = { 'other.yaml': workflowFor('leaf1', { lines: ['vlan 997'], verify: REACHABLE }) }
    const lab = openLab({ files })
    const folder = temporaryFolder()
    const dir = relative(folder, lab.dir)
    const type = async (...argv: readonly string[]) => {
      const { code, out, err } = await lab.eosflowIn(folder, '-C', dir, ...argv)
      expect([0, 12], `${argv.join(' ')}: ${err}`).toContain(code)
      return out
    }
    const followed: string[] = []
    for (const argv of [
      ['validate'],
      ['inventory', 'list'],
      ['plan', 'workflow.yaml'],
      ['plan', 'other.yaml', '-o', 'c.plan'],
      ['executions'],
      ['show', '@latest'],
      ['rollback', '@latest', '--detach'],
      ['drift'],
      ['snapshot', 'take', 'one'],
      ['audit', 'list'],
    ])
      followed.push(...(await paste(lab, folder, await type(...argv))))
    expect(followed.length).toBe(12)
  })
})
