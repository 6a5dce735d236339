import type { App } from '../../project/app/app.ts'
import { closeSecrets, secretsOf } from '../../project/app/secrets/open-secrets.ts'
import { secretRecord } from '../../project/execution/journal/progress-journal.ts'
import type { HookVerification } from '../../project/files/settings/event-settings.ts'
import type { Console } from '../../project/system/process/console.ts'
import { hookPrincipal } from './hook-principal.ts'

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

  async #asked(name: string, references: readonly string[]): Promise<readonly string[]> {
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
