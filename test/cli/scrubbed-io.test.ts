import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { saveText } from '../../src/app/save-text.ts'
import type { Terminal } from '../../src/cli/io.ts'
import { main } from '../../src/cli/program.ts'
import { scrubbedIo } from '../../src/cli/scrubbed-io.ts'
import { Secret } from '../../src/model/secret.ts'
import { fileText } from '../lab/files.ts'
import { temporaryFolder } from '../lab/folder.ts'

/** A terminal that keeps what it is handed, in order. */
function terminal(rest: Partial<Terminal> = {}): Terminal & { readonly said: string[] } {
  const said: string[] = []
  return {
    said,
    env: {},
    cwd: '/',
    out: (text) => said.push(`out ${text}`),
    err: (text) => said.push(`err ${text}`),
    interactive: false,
    color: false,
    ask: async (question) => {
      said.push(`ask ${question}`)
      return 'typed s3cr3t-v4lue'
    },
    stop: new AbortController().signal,
    ...rest,
  }
}

describe('a terminal behind the scrubber', () => {
  test('[G74] never gets a secret, in one piece or in several, on either output', () => {
    const real = terminal()
    const io = scrubbedIo(real)
    io.scrubber.register(new Secret('s3cr3t-v4lue'), 'a secret')
    io.out('a s3cr3t-v4')
    io.err('b s3cr3t')
    io.out('lue c\n')
    io.err('-v4lue d\n')
    expect(real.said).toEqual(['out a ', 'err b ', 'out <redacted> c\n', 'err <redacted> d\n'])
  })

  test('gets each line of progress at once, and at the end what was held back', () => {
    const real = terminal()
    const io = scrubbedIo(real)
    io.scrubber.register(new Secret('s3cr3t-v4lue'), 'a secret')
    io.err('leaf1: verified\n')
    io.out('ends')
    expect(real.said).toEqual(['err leaf1: verified\n', 'out end'])
    io.flush()
    expect(real.said).toEqual(['err leaf1: verified\n', 'out end', 'out s'])
  })

  test('is asked with everything that was said before, and answers with what was typed', async () => {
    const real = terminal()
    const io = scrubbedIo(real)
    io.scrubber.register(new Secret('s3cr3t-v4lue'), 'a secret')
    io.err('plans')
    expect(await io.ask('approve s3cr3t-v4lue? ')).toBe('typed s3cr3t-v4lue')
    expect(real.said).toEqual(['err plan', 'err s', 'ask approve <redacted>? '])
  })

  test('keeps the scrubber it is behind already', () => {
    const outer = scrubbedIo(terminal())
    expect(scrubbedIo(outer).scrubber).toBe(outer.scrubber)
  })

  test('and files: what is saved is scrubbed and for its owner alone', () => {
    const dir = temporaryFolder()
    const io = scrubbedIo(terminal({ cwd: dir }))
    io.scrubber.register(new Secret('s3cr3t-v4lue'), 'a secret')
    saveText(io, 'report.txt', 'it is s3cr3t-v4lue')
    expect(fileText(dir, 'report.txt')).toBe('it is <redacted>')
    expect(statSync(join(dir, 'report.txt')).mode & 0o777).toBe(0o600)
  })
})

test('a password that is no secret is warned of once, by its name, and not shown', async () => {
  const dir = temporaryFolder()
  const env = { SHORT: 'hunter2', WORD: 'interface', GOOD: 'kestrel-7719-pass' }
  writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\n')
  const users = Object.keys(env).map((name) => `  ${name}: { username: eosflow, password: '\${env:${name}}' }`)
  writeFileSync(
    join(dir, 'inventory.yaml'),
    `credentials:\n${users.join('\n')}\ndevices:\n  leaf1: { host: 192.0.2.1, credentials: GOOD }\n`,
  )
  const real = terminal({ cwd: dir, env })
  expect(await main(['validate'], real)).toBe(0)
  expect(real.said.filter((line) => line.startsWith('err ! '))).toEqual([
    `err ! \${env:SHORT} is shorter than 8 characters: it is not removed from output and records; change it\n`,
    `err ! \${env:WORD} is an ordinary word: it is not removed from output and records; change it\n`,
  ])
  expect(real.said.join('')).not.toContain('hunter2')
})
