import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Terminal } from '../../src/cli/io.ts'
import { scrubbedIo } from '../../src/cli/scrubbed-io.ts'
import { temporaryFolder } from '../lab/folder.ts'

const URL = 'https://login.example/authorize?state=1'

/** A terminal on a machine whose browser notes the pages that it opens. */
function machine(interactive: boolean) {
  const dir = temporaryFolder()
  const pages = join(dir, 'pages')
  writeFileSync(pages, '')
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open'
  writeFileSync(join(dir, program), `#!/bin/sh\nprintf '%s' "$1" > ${pages}\n`, { mode: 0o755 })
  const terminal: Terminal = {
    env: { PATH: `${dir}:/usr/bin:/bin`, DISPLAY: ':0' },
    cwd: dir,
    out: () => undefined,
    err: () => undefined,
    interactive,
    color: false,
    ask: async () => undefined,
    stop: new AbortController().signal,
  }
  return { terminal, opened: () => readFileSync(pages, 'utf8') }
}

test('a login opens its page in the browser of the person at the terminal', async () => {
  const { terminal, opened } = machine(true)
  scrubbedIo(terminal).openPage?.(URL)
  await vi.waitFor(() => expect(opened()).toBe(URL), { timeout: 5000 })
})

test('where nobody sits at the terminal no page is opened', async () => {
  const { terminal, opened } = machine(false)
  const io = scrubbedIo(terminal)
  expect(io.openPage).toBeDefined()
  io.openPage?.(URL)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(opened()).toBe('')
})
