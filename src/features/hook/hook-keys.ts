import type { Notes } from '../../change/record/store/notes.ts'
import type { NamedPerson, Principal } from '../../model/principal.ts'
import type { App } from '../../project/app/app.ts'
import { closeSecrets, secretsOf } from '../../project/app/secrets/open-secrets.ts'
import { secretRecord } from '../../project/execution/journal/begin.ts'
import type { HookVerification } from '../../project/files/settings/event-settings.ts'
import type { Console } from '../../project/system/process/console.ts'

/** Who acts for a sender of events: the service `hook:NAME`, which the policy judges like any other. `named`: the people whom its event names. */
export function hookPrincipal(name: string, named: readonly NamedPerson[] = []): Principal {
  return {
    issuer: 'hook',
    id: `hook:${name}`,
    kind: 'service',
    auth: 'os',
    ...(named.length === 0 ? {} : { named }),
  }
}

// A secret that was replaced where it is kept counts after so many milliseconds; whoever sends without one does not have its keeper asked more
// often.
const KEPT = 60_000

export class HookKeys {
  readonly #app: App
  readonly #console: Console
  readonly #kept = new Map<string, { readonly at: number; readonly values: Promise<readonly string[]> }>()

  constructor(app: App, console: Console) {
    this.#app = app
    this.#console = console
  }

  /** Throws as a secret that cannot be had. */
  async of(name: string, { way, keys }: HookVerification): Promise<readonly string[]> {
    if (way === 'mtls') return keys
    const now = this.#app.clock.monotonic()
    const known = this.#kept.get(name)
    if (known !== undefined && now - known.at < KEPT) return known.values
    const values = this.#asked(name, keys)
    this.#kept.set(name, { at: now, values })
    return values
  }

  async #asked(name: string, references: readonly string[]) {
    const record = secretRecord(this.#app.project)
    const journal = this.#app.journalAs(hookPrincipal(name))
    record.writeTo({
      append: async (...events) => {
        await journal.append(undefined, events)
      },
    })
    const secrets = secretsOf(this.#app, record.resolved)
    try {
      const values = await Promise.all(references.map((reference) => secrets.resolve(reference)))
      return values.map((value) => value.reveal())
    } finally {
      await closeSecrets(secrets, this.#console)
    }
  }
}

// An event that comes again within so many milliseconds makes nothing: 7 days.
const KNOWN_FOR = 7 * 86_400_000
// So many of the newest are known, one for each minute of that: each costs what all of them take to be listed.
const MOST = 10_000

export interface KnownEvents {
  has(key: string): Promise<boolean>
  add(key: string): Promise<void>
}

const KIND = 'event'

/** It is no record: that one event begins at most one execution is kept by the key of that execution. What is marked here makes nothing once more, where it has begun none. */
export function decidedEvents(notes: Notes): KnownEvents {
  return {
    has: async (key) => (await notes.read(KIND, key)) !== undefined,
    add: (key) => notes.set(KIND, key, '', { lasts: KNOWN_FOR, most: MOST }),
  }
}
