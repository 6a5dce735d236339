import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { Cli } from '../../src/sim/cli/cli.ts'
import { DONE } from '../../src/sim/cli/reply.ts'
import type { Switch } from '../../src/sim/switch/switch.ts'
import { startFabric } from '../../src/trial/start-fabric.ts'
import { extentOfLong } from '../extent.ts'
import { DC1 } from '../lab/checkout.ts'
import { runDriver } from './run-driver.ts'
import { hasTodays, todaysPython, withoutTodays } from './todays.ts'

const runLine = Cli.prototype.run

/** Does something else whenever a line is typed, over whatever it is typed. */
function typing(instead: (cli: Cli, ...typed: Parameters<Cli['run']>) => ReturnType<Cli['run']>) {
  vi.spyOn(Cli.prototype, 'run').mockImplementation(function (this: Cli, ...typed) {
    return instead(this, ...typed)
  })
}

/** A switch that is wrong in one thing: how it is made so, and the assertions of each client that must see it, the quickest client first. */
interface Mutant {
  readonly name: string
  readonly breaks: (device: Switch) => void
  /** The gate has no time for it. */
  readonly tags?: 'night'
  readonly caughtBy: Readonly<Record<string, readonly string[]>>
}

const MUTANTS: readonly Mutant[] = [
  {
    name: 'merge on commit is off',
    tags: 'night',
    breaks: ({ config }) => {
      const knobs = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(config), 'knobs')?.get
      Object.defineProperty(config, 'knobs', { get: () => ({ ...knobs?.call(config), mergeOnCommit: false }) })
    },
    caughtBy: { pyeapi_sessions_driver: ['merge: curl reads the first too'] },
  },
  {
    name: 'sessions are not isolated',
    breaks: ({ config, sessions }) => {
      const update = sessions.update.bind(sessions)
      sessions.update = (name, candidate, typed) => {
        update(name, candidate, typed)
        config.run(candidate)
      }
    },
    caughtBy: {
      curl_driver: ['session: running-config is untouched'],
      pyeapi_sessions_driver: ['session: running-config is untouched', 'abort: nothing changed'],
      openssh_driver: ['session: curl reads nothing in running-config'],
    },
  },
  {
    name: 'errors are swallowed',
    breaks: () => {
      typing((cli, ...typed) => {
        const reply = runLine.apply(cli, typed)
        return reply.ok ? reply : { ...DONE, json: () => ({}), text: () => '' }
      })
    },
    caughtBy: {
      curl_driver: ['invalid command: code 1002', 'configure: what came after is not'],
      pyeapi_sessions_driver: ['refused: pyeapi raises', 'limit: the sixth is refused'],
      openssh_driver: ['ssh: an unknown command', 'ssh: and its status'],
    },
  },
  {
    name: 'the commit timer never fires',
    tags: 'night',
    breaks: (device) => {
      device.settle = () => undefined
    },
    caughtBy: { pyeapi_sessions_driver: ['timer: without a confirm all is as before'] },
  },
  {
    name: 'a diff starts from startup-config',
    tags: 'night',
    breaks: (device) => {
      typing((cli, command, options) => {
        if (!command.cmd.endsWith(' diffs')) return runLine.call(cli, command, options)
        Object.defineProperty(device, 'running', { get: () => device.startup, configurable: true })
        const reply = runLine.call(cli, command, options)
        const text = reply.ok ? reply.text?.() : undefined
        Reflect.deleteProperty(device, 'running')
        return text === undefined ? reply : { ok: true, text: () => text, terminal: () => text }
      })
    },
    caughtBy: { pyeapi_sessions_driver: ['diff: it starts from running-config'] },
  },
  {
    name: 'privilege is ignored',
    tags: 'night',
    breaks: () => {
      typing((cli, ...typed) => {
        cli.privileged = true
        return runLine.apply(cli, typed)
      })
    },
    caughtBy: {
      curl_driver: ['privilege: running-config needs enable', 'privilege: it says so'],
      pyeapi_sessions_driver: ['privilege: configure terminal needs enable'],
      openssh_driver: ['ssh: what needs enable'],
    },
  },
]

const caught: string[] = []

describe.skipIf(!hasTodays)(`today's clients see a switch that is wrong${withoutTodays}`, () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  afterAll(() => {
    process.stdout.write(`mutants, and the assertions that fail on them:\n${caught.join('\n')}\n`)
  })

  for (const { name, breaks, caughtBy, tags } of MUTANTS) {
    test(name, tags === undefined ? {} : { tags }, async () => {
      const clients = Object.entries(caughtBy)
      for (const [driver, expected] of clients.slice(0, extentOfLong(1, clients.length))) {
        const fabric = await startFabric(DC1)
        try {
          const device = fabric.device('leaf1')
          breaks(device.switch)
          const assertions = await runDriver({ script: driver, python: todaysPython('python') }, fabric, device)
          const failed = assertions.filter(({ ok }) => !ok).map((assertion) => assertion.name)
          caught.push(`  ${name}: ${driver}: ${failed.join('; ')}`)
          expect(failed).toEqual(expect.arrayContaining([...expected]))
        } finally {
          await fabric.close()
          vi.restoreAllMocks()
        }
      }
    })
  }
})
