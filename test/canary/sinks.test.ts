import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))

/** What lets text out of the process, or makes a second scrubber that knows nothing of the first. */
const SINK =
  /\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|writeSync|copyFile|copyFileSync)\b|\bcp(?:Sync)?\(|\bconsole\.[a-z]+\(|\bprocess\.std(?:out|err)\b|\bnew Scrubber\(|\bnew Worker\(/

/** Every file of the sources that has one, and why it may. All others go through `io` and `saveText`. */
const ALLOWED: Readonly<Record<string, string>> = {
  'cli/scrubbed-io.ts': 'the scrubber of the process',
  'cli/process-io.ts': 'the terminal, which only the scrubber writes to',
  'app/unlinked-file.ts':
    'files: scrubbed by saveText; of simulated switches, golden plans, ports and the certificate; a policy, and public keys of people',
  'cli/main.ts': 'the version',
  'trial/silent-console.ts': 'a console that prints nowhere',
  'cli/command/serve.ts': 'the thread of the front: what it says is printed by io, and its answers are scrubbed',
  'cli/command/mcp.ts': 'the pipe of an agent: every answer goes through the scrubber of the process',
  'cli/serve/front.ts': 'the scrubber of the front: every answer and every frame goes through it',
  'server/answer-of-thread.ts':
    'threads that rehearse a plan or verify the record: what they find is printed by the front',
  'cli/serve/verify.ts': 'the record, all of which was scrubbed: what is found is printed by the front',
  'server/who-is.ts': 'a scrubber for one token that is not verified yet; nothing is printed through it',
  'trial/trial-thread.ts': 'threads of rehearsals and of tests of workflows: what they find is printed by io',
  'app/scaffold/write-files.ts': 'the example project',
  'app/demo/demo-project.ts': 'the example project',
  'app/backup/backup-folder.ts':
    'configurations without secrets, encrypted, or with those that a right of its own lets be kept: for their owner alone',
  'app/audit/receivers.ts': 'anchors and exports of the record, scrubbed',
  'app/inventory/cache-file.ts':
    'answers of services, scrubbed by cachedList or without secrets, for their owner alone',
  'app/trust/first-sight.ts': 'public keys of switches',
  'app/store/restore.ts': 'a backup of the store, all of which was scrubbed, beside the store',
  'app/store/seal.ts':
    'records and encrypted texts as the store has them, all of which were scrubbed, for its owner alone',
  'identity/private-file.ts': 'the cache of logins: tokens, for their owner alone',
  'journal/sqlite/head-file.ts': 'the newest record of a store: a number and the name of the store',
  'identity/ssh-keygen.ts': 'public keys and signatures, for ssh-keygen',
  'system/key-file.ts': 'the install key, for its owner alone',
  'system/ballast.ts': 'zeros',
  'system/seen-records.ts': 'ids, numbers and hashes of records',
  'library/project-door.ts': 'the scrubber of a project that is opened from code',
  'system/user-cache.ts': 'code of the program, and names for completion, for their owner alone',
  'system/standard-output.ts': 'the standard output of the process, which only the scrubber writes to',
}

test('text leaves the process by the ways that are listed, and by no other', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const withSink = files.filter((file) =>
    readFileSync(SRC + file, 'utf8')
      .split('\n')
      .some((line) => SINK.test(line) && !/^\s*(?:\*|\/\/|\/\*)/.test(line)),
  )
  expect(files.length).toBeGreaterThan(500)
  expect(withSink.sort()).toEqual(Object.keys(ALLOWED).sort())
})

/** How each file of the list that writes files keeps to the one rule: no symbolic link is followed, and modes. */
const NO_LINK: Readonly<Record<string, RegExp>> = {
  'app/unlinked-file.ts': /O_WRONLY \| O_CREAT \| O_NOFOLLOW, mode\)[\s\S]*O_CREAT \| O_EXCL \| O_NOFOLLOW, mode\)/,
  'app/scaffold/write-files.ts': /flag: 'wx'/,
  'app/backup/backup-folder.ts': /O_WRONLY \| O_CREAT \| O_EXCL \| O_NOFOLLOW, PRIVATE/,
  'app/audit/receivers.ts': /O_NOFOLLOW, 0o600|O_NOFOLLOW\n/,
  'app/trust/first-sight.ts': /O_NOFOLLOW/,
  'app/inventory/cache-file.ts': /O_WRONLY \| O_CREAT \| O_EXCL \| O_NOFOLLOW, PRIVATE/,
  'app/store/new-file.ts': /O_WRONLY \| O_CREAT \| O_EXCL/,
  'app/store/seal.ts': /O_WRONLY \| O_NOFOLLOW\)/,
  'identity/private-file.ts': /'wx', 0o600/,
  'system/key-file.ts': /'wx', 0o600/,
  'system/user-cache.ts': /mode: 0o600, flag: 'wx'/,
  'system/ballast.ts': /O_NOFOLLOW, 0o600/,
  'system/seen-records.ts': /O_NOFOLLOW, 0o600[\s\S]*flag: 'wx'/,
  'app/demo/demo-project.ts': /mkdtemp\(/,
  'identity/ssh-keygen.ts': /mkdtempSync\(/,
  'journal/sqlite/head-file.ts': /O_WRONLY \| constants\.O_CREAT \| constants\.O_NOFOLLOW/,
  'app/save-text.ts': /O_WRONLY \| constants\.O_CREAT \| constants\.O_NOFOLLOW, PRIVATE/,
  // No path: what the shell has opened.
  'system/standard-output.ts': /writeFileSync\(STDOUT, text\)/,
}

test('whatever writes a file follows no symbolic link: by the one rule, by a name that is new, or in a new folder', () => {
  const writes =
    /\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|writeSync)\(|openSync\([^)]*(?:O_CREAT|O_WRONLY)/
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const writers = files.filter((file) => writes.test(readFileSync(SRC + file, 'utf8')))
  expect(writers.filter((file) => file !== 'journal/sqlite/database-file.ts').sort()).toEqual(
    Object.keys(NO_LINK).sort(),
  )
  for (const [file, rule] of Object.entries(NO_LINK))
    expect([file, readFileSync(SRC + file, 'utf8')]).toEqual([file, expect.stringMatching(rule)])
})
