import { BrokenChainError } from '../../change/record/seal/chain.ts'
import { codeOf } from '../../model/error.ts'
import type { App } from '../../project/app/app.ts'
import type { TargetSettings } from '../../project/files/settings/notify-settings.ts'
import { trailOf } from '../../project/history/trail-of.ts'
import { address } from '../../report/page/html.ts'
import { addressedNotificationOf } from './addressed-notification.ts'
import { KIND_WORDS } from './notice/message/kind-words.ts'
import type { Notification } from './notice/message/notification.ts'
import { isFor } from './notice/rules.ts'
import type { SendNotification } from './send-to.ts'

const TOLD = 'record not intact'

export interface Addressee {
  readonly target: TargetSettings
  readonly send: SendNotification
}

/**
 * Tells targets once that the record itself is broken, so that nothing about it can be put on record, and once that it can be read again. Each is
 * tried once: there is no cursor to try again by.
 */
export class BrokenRecord {
  readonly #app: App
  readonly #addressees: readonly Addressee[]
  #isTold: boolean | undefined

  constructor(app: App, addressees: readonly Addressee[]) {
    this.#app = app
    this.#addressees = addressees
  }

  async heard(error: unknown): Promise<void> {
    const fault = faultIn(error)
    this.#isTold ??= (await this.#kept())?.fault !== undefined
    if (error !== undefined && fault === undefined) return
    if ((fault !== undefined) === this.#isTold) return
    this.#isTold = fault !== undefined
    await Promise.all([this.#keep(fault), ...this.#addressees.map((one) => this.#tell(one, fault))])
  }

  async #tell({ target, send }: Addressee, fault: string | undefined): Promise<void> {
    const notification = this.#notification(fault)
    if (!isFor(this.#app.project.settings.notify.rules, target.name, notification)) return
    await quietly(async () => send(await addressedNotificationOf(this.#app, notification, { withDiff: false })))
  }

  #notification(fault: string | undefined): Notification {
    const now = this.#app.clock.now()
    const kind = 'record-not-intact'
    const words = KIND_WORDS[kind]
    return {
      what: fault === undefined ? 'notice.closed' : 'notice.opened',
      severity: 'page',
      // No record says it: the time tells one from the next.
      seq: now,
      at: new Date(now).toISOString(),
      title: fault === undefined ? `Over: ${words}` : words,
      text: fault ?? 'It can be read again.',
      facts: [],
      path: address.record,
      notice: { kind, cause: kind },
    }
  }

  async #kept() {
    return quietly(() => trailOf(this.#app).delivery(TOLD))
  }

  async #keep(fault: string | undefined): Promise<void> {
    await quietly(() => trailOf(this.#app).delivered(TOLD, 1, fault))
  }
}

function faultIn(error: unknown) {
  if (!(error instanceof Error)) return undefined
  const { cause } = error
  const code = codeOf(cause, '')
  return error instanceof BrokenChainError || /^SQLITE_(?:CORRUPT|NOTADB)/.test(code) ? error.message : undefined
}

async function quietly<T>(work: () => Promise<T>) {
  try {
    return await work()
  } catch {
    return undefined
  }
}
