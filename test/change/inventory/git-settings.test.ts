import { expect, test } from 'vitest'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'

/** What is wrong with `project: git`, or what it is. */
function gitOf(git: string) {
  const read = parseSettings(`version: 1\nproject: { git: ${git} }\n`, 'eosflow.yaml')
  if (read.ok) return read.value.project.git
  return read.problems.map(({ code, at: { line }, message }) => `${line} ${code} ${message}`)
}

test('who must have signed a commit is said by somebody: there is no default', () => {
  expect(gitOf('{}')).toEqual(['2 missing-key the key `signedBy` is missing in `project.git`'])
  expect(gitOf('{ signedBy: none }')).toEqual({ remote: 'origin', ref: 'refs/heads/main', signedBy: 'none' })
  expect(gitOf('{ signedBy: anybody }')).toHaveLength(1)
})

test('a remote is a name, and a ref is a branch by its full name: never an option, an address or another place', () => {
  const remotes = ['--upload-pack=x', '-x', 'https://forge.example/x.git', '../x.git', "'a b'", "''"]
  const refs = [
    'main',
    'refs/tags/v1',
    'refs/heads/',
    'refs/heads/-x',
    'refs/heads/a..b',
    'refs/heads/a.lock',
    'refs/heads/a/',
    "'refs/heads/a:refs/heads/b'",
    "'refs/heads/*'",
    "'refs/heads/a b'",
  ]
  for (const remote of remotes)
    expect([remote, gitOf(`{ signedBy: none, remote: ${remote} }`)]).toEqual([remote, [expect.any(String)]])
  for (const ref of refs) expect([ref, Array.isArray(gitOf(`{ signedBy: none, ref: ${ref} }`))]).toEqual([ref, true])
  expect([remotes.length, refs.length]).toEqual([6, 10])
  expect(gitOf('{ signedBy: none, remote: up-stream.2, ref: refs/heads/release/4.32 }')).toMatchObject({
    remote: 'up-stream.2',
    ref: 'refs/heads/release/4.32',
  })
})

test('an event that names a commit needs to know of which branch', () => {
  const event = `events: [{ name: a, verify: { bearer: '\${env:A}' }, plan: { workflow: w.yaml, commit: after } }]\n`
  const read = parseSettings(`version: 1\n${event}`, 'eosflow.yaml')
  expect(read.ok ? [] : read.problems).toMatchObject([{ code: 'event-without-git', at: { line: 2 } }])
  expect(parseSettings(`version: 1\nproject: { git: { signedBy: none } }\n${event}`, 'eosflow.yaml').ok).toBe(true)
})
