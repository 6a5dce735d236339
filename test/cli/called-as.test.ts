import { describe, expect, test } from 'vitest'
import { asTyped, calledAs } from '../../src/cli/called-as.ts'
import { commands } from '../../src/cli/commands.ts'
import { COMMAND_WORDS } from '../../src/report/command-groups.ts'

const PATH = '/usr/local/bin:/usr/bin'

/** The name of a program that was typed in /home/ann/net, as its caller reads it there. */
const named = (program: string | undefined) => calledAs({ program, cwd: '/home/ann/net', path: PATH })()

describe('a command names itself as its caller typed it', () => {
  test.each([
    ['a package that is installed', '/usr/local/bin/eosflow', 'eosflow'],
    ['a launcher of a checkout that a link on PATH leads to', '/usr/bin/eosflow', 'eosflow'],
    ['npx', '/home/ann/eosflow/node_modules/.bin/eosflow', 'npx eosflow'],
    ['the launcher of the folder', './eosflow', './eosflow'],
    ['the launcher of the folder above', '../eosflow', '../eosflow'],
    ['the launcher by a path with a blank', '../my tools/eosflow', "'../my tools/eosflow'"],
    ['the launcher by its whole path', '/opt/eosflow/eosflow', '/opt/eosflow/eosflow'],
    ['a build that node runs', '/home/ann/eosflow/dist/cli/main.js', 'eosflow'],
    ['a program without a name', undefined, 'eosflow'],
  ])('[3N1] %s', (_which, program, name) => {
    expect(named(program)).toBe(name)
  })
})

/** A text as the caller of `./eosflow` in /home/ann/eosflow reads it. */
const typed = (text: string) => {
  const cwd = '/home/ann/eosflow'
  return asTyped(text, { cwd, called: calledAs({ program: './eosflow', cwd, path: PATH }) })
}

describe('the commands in a text of ours are as the caller types them', () => {
  test.each([
    ['each of a line', 'eosflow approve a && eosflow run a', './eosflow approve a && ./eosflow run a'],
    ['between backticks', 'see `eosflow validate`: it says why', 'see `./eosflow validate`: it says why'],
    ['with a flag first', 'eosflow -C net plan w.yaml', './eosflow -C net plan w.yaml'],
    [
      'from the folder that the line goes to',
      'cd my-network\n      eosflow validate',
      'cd my-network\n      ../eosflow validate',
    ],
    ['from a folder with a blank', "cd 'a b/c'\neosflow run w", "cd 'a b/c'\n../../eosflow run w"],
    ['not a sentence about eosflow', 'eosflow needs EOS 4.23 or later', 'eosflow needs EOS 4.23 or later'],
    ['not an execution', 'eosflow execution 2026 for ann', 'eosflow execution 2026 for ann'],
    ['not a path or a package', '/srv/eosflow plan, npx eosflow plan', '/srv/eosflow plan, npx eosflow plan'],
    [
      'not a word that was quoted for a shell',
      "eosflow run w -p 'text=a' --reason 'as eosflow plan said: it'\\''s eosflow run'",
      "./eosflow run w -p 'text=a' --reason 'as eosflow plan said: it'\\''s eosflow run'",
    ],
    [
      'with an apostrophe before',
      "Set this machine's clock: eosflow doctor",
      "Set this machine's clock: ./eosflow doctor",
    ],
  ])('[3N1] %s', (_which, text, said) => {
    expect(typed(text)).toBe(said)
    expect(asTyped(text, { cwd: '/home/ann' })).toBe(text)
  })
})

test('every command is known by its first word', () => {
  expect(new Set([...commands.map(({ usage }) => usage.split(' ')[0]), 'help'])).toEqual(new Set(COMMAND_WORDS))
})
