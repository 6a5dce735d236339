import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { noSeams } from '../../../src/project/system/process/seams.ts'
import { type Ended, temporaryFolder, typed } from '../../lab/lab.ts'

/** A browser without a person: it keeps cookies, follows redirects and sends forms back. */
export interface Browser {
  /** Where it ends, and what it reads there. */
  go(url: string): Promise<{ readonly url: string; readonly status: number; readonly text: string }>
  /** As {@link Browser.go}, up to the first address that begins so, which is not visited: what stands behind its `?`. */
  back(url: string, to: string): Promise<string>
  /** Agrees to log out at the page of a provider. Gives where the browser ends; an address that begins with `to` is not visited. */
  logOut(url: string, to: string): Promise<string>
  /** Types a code at the page of a device login, and agrees. */
  typeCode(url: string, code: string): Promise<string>
}

/** A browser whose person logs in as an account. */
export function browserOf(account: string): Browser {
  const cookies = new Map([['as', account]])
  const visit = async (url: string, form?: URLSearchParams, to?: string) => {
    if (to !== undefined && url.startsWith(to)) return { url, status: 0, text: '' }
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const next = answer.headers.get('location')
    if (next !== null) {
      await answer.body?.cancel()
      return visit(new URL(next, url).href, undefined, to)
    }
    return { url, status: answer.status, text: await answer.text() }
  }
  return {
    go: (url) => visit(url),
    back: async (url, to) => {
      const ended = await visit(url, undefined, to)
      if (ended.status !== 0) throw new Error(`it ends at ${ended.url}: ${ended.text}`)
      return new URL(ended.url).search.slice(1)
    },
    logOut: async (url, to) => {
      const asked = await visit(url)
      const action = /action="([^"]+)"/.exec(asked.text)?.[1]
      if (action === undefined) throw new Error(`no form here: ${asked.text}`)
      return (await visit(action, formOf(asked.text, { logout: 'yes' }), to)).url
    },
    typeCode: async (url, code) => {
      const asked = await visit(url)
      const shown = await visit(asked.url, formOf(asked.text, { user_code: code }))
      return (await visit(shown.url, formOf(shown.text, { user_code: code, confirm: 'yes' }))).text
    },
  }
}

/** The hidden fields of a page's form, which must come back, and what a person adds. */
function formOf(page: string, typed: Readonly<Record<string, string>>) {
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1]
  if (xsrf === undefined) throw new Error(`no form here: ${page}`)
  return new URLSearchParams({ xsrf, ...typed })
}

/** How a command line is run. */
export interface Setting {
  /** Whether somebody sits at the terminal. */
  readonly atTerminal?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** What is typed, in turn. */
  readonly answers?: readonly string[]
  /** By how much the clock is ahead, in milliseconds. */
  readonly ahead?: number
  /** Told of everything that is printed on stderr: what a person would read, and act on. */
  readonly reads?: (text: string) => void
  readonly stop?: AbortSignal
}

/** A person with a project and a home of their own, which are gone after the test. */
export interface Person {
  readonly dir: string
  /** The folder of the logins. */
  readonly state: string
  write(path: string, text: string | Uint8Array): void
  eosflow(setting: Setting, ...argv: readonly string[]): Promise<Ended>
}

/** Makes a person whose project has these settings. */
export function personWith(settings: string): Person {
  const dir = temporaryFolder()
  const project = join(dir, 'project')
  mkdirSync(project)
  const write = (path: string, text: string | Uint8Array) => writeFileSync(join(project, path), text)
  write('eosflow.yaml', settings)
  return {
    dir: project,
    state: join(dir, 'eosflow'),
    write,
    eosflow: ({ atTerminal = false, answers = [], env = {}, ahead = 0, ...more }, ...argv) =>
      typed(project, argv, {
        ...more,
        env: { XDG_STATE_HOME: dir, ...env },
        answers,
        interactive: atTerminal,
        seams: { ...noSeams, clock: { ...systemClock, now: () => systemClock.now() + ahead } },
      }),
  }
}
